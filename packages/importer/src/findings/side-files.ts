import { DEFAULT_NAMES } from '@sendit/detector';
import { type FindingRecord, toFinding } from '@sendit/model';

/**
 * Name endings of files that customarily accompany images: notes, checksums, lists, markers, what BIDS and NIfTI
 * converters write, and the viewer of a CD. No archives and no pictures: they may be what should have been DICOM.
 */
const ENDINGS =
  'txt|md|rtf|md5|sha1|sha256|sha512|sfv|json|jsonl|xml|xsl|csv|tsv|ya?ml|html?|css|js|pdf|log|ini|inf|cfg|exe|dll|msi|cab|jar|bat|ico|lnk|url|done|ok|ready|bvals?|bvecs?|nii|nii\\.gz';

/** Names of notes and marks, and of what operating systems and file servers leave. A leading dot hides a file from people. */
const NAMES =
  'thumbs\\.db|ehthumbs\\.db|desktop\\.ini|autorun\\.inf|readme[^/]*|license[^/]*|changes|version|lockfile|md5sums?|sha256sums?|\\.[^/]*';

const SIDE_FILE = new RegExp(`(?:^|/)(?:__MACOSX/.*|${NAMES}|[^/]+\\.(?:${ENDINGS}))$`, 'i');

const ARCHIVE = /\.(?:zip|7z|rar|tar|tgz|gz|bz2|xz|zst)$/i;

/** The finding about a file that is not an image. */
export function toOtherFinding(path: string, isEmpty: boolean): FindingRecord {
  if (isSideFile(path)) return toFinding('side-files', path);
  if (isEmpty) return toFinding('empty-file', path);
  if (!ARCHIVE.test(path)) return toFinding('not-dicom', path);
  return toFinding('not-dicom', path, 'An archive by its name, which is not unpacked; skipped.');
}

/** Whether a file that holds no image is to be expected beside images, by its path below the batch directory. */
export function isSideFile(path: string): boolean {
  return SIDE_FILE.test(path) || DEFAULT_NAMES.isBelowIgnored(path);
}
