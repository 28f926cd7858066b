/**
 * A path as one character for each of its bytes. File names are bytes; as UTF-8 text those that are not UTF-8 could not be opened
 * again. Byte order is also the order of comparison, the same on every host.
 */
export type BytePath = string;

/** The bytes of a name or path. */
export function toBytePath(name: string | Uint8Array): BytePath {
  return Buffer.from(name as Uint8Array).toString('latin1');
}

/** The path's bytes, for system calls. */
export function toPathBytes(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** The path as UTF-8 for people and the database, with U+FFFD for invalid bytes. */
export function toDisplayPath(path: BytePath): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** The last name of a path and the folder that holds it; the folder is empty for a path of one name. */
export function splitPath(path: BytePath): { readonly folder: BytePath; readonly name: BytePath } {
  const slash = path.lastIndexOf('/');
  return { folder: path.slice(0, Math.max(slash, 0)), name: path.slice(slash + 1) };
}
