/** `code` of an error: an errno name (`ENOENT`), a SQLSTATE, or Node's own (`ERR_…`); undefined for anything else thrown. */
export function toCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** Errno name of a failed system call (`ENOENT`); undefined for anything else thrown, such as Node's own `ERR_…`. */
export function toErrno(thrown: unknown): string | undefined {
  const code = toCode(thrown);
  return code !== undefined && /^E(?!RR_)/.test(code) ? code : undefined;
}
