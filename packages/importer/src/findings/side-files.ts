/** Names of files that come beside images and are none: notes, checksums, listings, what operating systems leave. */
const SIDE_FILES =
  /(?:^|\/)(?:\.[^/]*|thumbs\.db|desktop\.ini|autorun\.inf|readme[^/]*|[^/]+\.(?:txt|md|md5|sha1|sha256|sha512|json|xml|csv|tsv|html?|pdf|log|ini|inf|exe|done|ok|ready))$/i;

/** Whether a file that is not DICOM is one that is to be expected beside images, by its name. */
export function isSideFile(path: string): boolean {
  return SIDE_FILES.test(path);
}
