/** Our own unfinished names, and those of common transfer tools. */
const ARRIVING = /\.(?:tmp[^.]*|part|partial|filepart|crdownload)$/i;

/** Whether a path is that of a part of a transfer that is not over: by its last name alone. */
export function isArrivingName(path: string): boolean {
  return ARRIVING.test(path);
}
