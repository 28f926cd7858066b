import { toErrno } from '@sendit/model';
/** The errno name of a failed system call. @throws anything else */
export function requireErrno(thrown: unknown): string {
  const code = toErrno(thrown);
  if (code === undefined) throw thrown;
  return code;
}

const NO_FILE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EISDIR']);

/** Whether the system says that no file of this name is there, or something else is: an answer, and no refusal. */
export function isNoFile(code: string): boolean {
  return NO_FILE.has(code);
}
