import { opendir, realpath, stat } from 'node:fs/promises';
import { toErrno } from '@sendit/model';
import { fromThrown } from '../watch-error.ts';

/** The directory as it was at the start: a later look tells whether it is still in its place. */
export interface WatchedRoot {
  /** Symlinks resolved. */
  readonly path: string;
  readonly dev: number;
  readonly ino: number;
}

/** Reads what identifies a directory. @throws SenditError `watch-failed` */
export async function readRoot(path: string): Promise<WatchedRoot> {
  try {
    const real = await realpath(path);
    // Opening tells what stat does not: that it is a directory, and may be read. chokidar would be silent about both.
    const directory = await opendir(real);
    await directory.close();
    const { dev, ino } = await stat(real);
    return { path: real, dev, ino };
  } catch (thrown) {
    throw fromThrown(path, thrown);
  }
}

/** Whether the path still leads to the same directory; true when the system cannot say. */
export async function isInPlace(root: WatchedRoot): Promise<boolean> {
  try {
    const { dev, ino } = await stat(root.path);
    return dev === root.dev && ino === root.ino;
  } catch (thrown) {
    const code = toErrno(thrown);
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}
