import type { ManifestFile } from '@sendit/model';

/** A path as one character for each of its bytes: names need not be UTF-8. */
export type BytePath = string;

/** A sealed file's place below its batch. */
export interface SealedPath {
  /** Empty for the batch directory itself. */
  readonly directory: BytePath;
  readonly name: BytePath;
}

/** The bytes that a system call takes. */
export function toBytes(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** A text as its bytes. */
export function toBytePath(text: string | Uint8Array): BytePath {
  return Buffer.from(text as Uint8Array).toString('latin1');
}

/** Two paths, one below the other; either may be empty. */
export function joinPath(above: BytePath, below: BytePath): BytePath {
  return above === '' || below === '' ? above + below : `${above}/${below}`;
}

/** Splits the path of a sealed file; undefined for one that would lead out of its directory or names none: such a list is not ours. */
export function toSealedPath({ path, rawPath }: Pick<ManifestFile, 'path' | 'rawPath'>): SealedPath | undefined {
  const whole = toBytePath(rawPath ?? path);
  if (!isBelow(whole)) return undefined;
  const slash = whole.lastIndexOf('/');
  return { directory: whole.slice(0, Math.max(slash, 0)), name: whole.slice(slash + 1) };
}

/** Whether every component names something of its own. */
export function isBelow(path: BytePath): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
}
