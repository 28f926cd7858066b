import { realpath, stat } from 'node:fs/promises';
import { errnoName, fromThrown, toWatchError } from '../watch-error.ts';

/** The directory as it was at the start: a later look tells whether it is still in its place. */
export interface WatchedRoot {
  /** Symlinks resolved. */
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
}

/** Reads what identifies a directory. @throws SenditError `watch-failed` */
export async function readRoot(path: string): Promise<WatchedRoot> {
  const root = await readEntry(path).catch((thrown: unknown) => {
    throw fromThrown(path, thrown);
  });
  if (!root.isDirectory) throw toWatchError(path, 'ENOTDIR');
  return root;
}

/** Whether the path still leads to the same directory; true when the system cannot say. */
export async function isInPlace(root: WatchedRoot): Promise<boolean> {
  try {
    const { dev, ino } = await stat(root.path);
    return dev === root.dev && ino === root.ino;
  } catch (thrown) {
    const code = errnoName(thrown);
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

async function readEntry(path: string): Promise<WatchedRoot & { readonly isDirectory: boolean }> {
  const real = await realpath(path);
  const stats = await stat(real);
  return { path: real, dev: stats.dev, ino: stats.ino, isDirectory: stats.isDirectory() };
}
