/** The errno name of what a system call threw. @throws anything else */
export function toErrno(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  throw error;
}

const NO_FILE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EISDIR']);

/** Whether the system says that no file of this name is there, or something else is: an answer, and no refusal. */
export function isNoFile(code: string): boolean {
  return NO_FILE.has(code);
}
