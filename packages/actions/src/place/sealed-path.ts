import { type BytePath, splitPath, toBytePath } from '@sendit/files';
import type { ManifestFile } from '@sendit/model';

/** A sealed file's place below its batch. */
export interface SealedPath {
  /** Empty for the batch directory itself. */
  readonly directory: BytePath;
  readonly name: BytePath;
}

/** Two paths, one below the other; either may be empty. */
export function joinPath(above: BytePath, below: BytePath): BytePath {
  return above === '' || below === '' ? above + below : `${above}/${below}`;
}

/** Splits the path of a sealed file; undefined for one that would lead out of its directory or names none: such a list is not ours. */
export function toSealedPath({ path, rawPath }: Pick<ManifestFile, 'path' | 'rawPath'>): SealedPath | undefined {
  const whole = toBytePath(rawPath ?? path);
  if (!isBelow(whole)) return undefined;
  const { folder, name } = splitPath(whole);
  return { directory: folder, name };
}

/** Whether every component names something of its own. */
export function isBelow(path: BytePath): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0'));
}
