/**
 * Unfinished names: our own (`.tmp*`), and those that transfer tools give to what they are still writing. By suffix: wget, ownCloud, rclone,
 * WinSCP, Chrome, Safari, lftp, Aspera, and whoever uses `.tmp`. By prefix: GIO, Syncthing, Globus, sftpgo, Unison. By shape: Nextcloud's `.NAME.~1a2b`.
 */
const ARRIVING =
  /(?:\.(?:tmp[^.]*|part|partial|filepart|crdownload|download|lftp|aspx)|(?:^|\/)\.(?:goutputstream-|syncthing\.|globus\.|sftpgo-upload\.|unison\.)[^/]+|(?:^|\/)\.[^/]+\.~[0-9a-f]+)$/i;

/** Directories that rsync keeps parts in (`--partial-dir`, `--delay-updates`): nothing in them is final. */
const PARTS = /(?:^|\/)\.(?:rsync-partial|~tmp~)(?:\/|$)/;

/** rsync's `.NAME.XXXXXX`: six random letters and digits. */
const RSYNC = /(?:^|\/)\.[^/]+\.([A-Za-z0-9]{6})$/;

/** Endings of six characters that are no accident. */
const FINAL_ENDINGS: ReadonlySet<string> = new Set(['sha224', 'sha256', 'sha384', 'sha512', 'backup', 'config']);

/** The final path of what rsync writes under an unfinished one (`a/.NAME.XXXXXX` is `a/NAME`); undefined for any other path. */
export function toRsyncTarget(path: string): string | undefined {
  if (!RSYNC.test(path) || !isArrivingName(path)) return undefined;
  const nameAt = path.lastIndexOf('/') + 1;
  return `${path.slice(0, nameAt)}${path.slice(nameAt + 1, -7)}`;
}

/** Whether a path, below a watch path or a directory, belongs to a transfer that is not over: by its last name, or by a directory of parts. */
export function isArrivingName(path: string): boolean {
  if (ARRIVING.test(path) || PARTS.test(path)) return true;
  const ending = RSYNC.exec(path)?.[1];
  return ending !== undefined && !FINAL_ENDINGS.has(ending);
}
