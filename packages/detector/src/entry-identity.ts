import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { requireErrno } from './errno.ts';

/**
 * Tells a directory or file from a later one under the same name: `device:inode:birth time`. Inodes are used again at once; where a file
 * system keeps no birth time, the change time stands for it, so that one that was touched counts as another.
 */
export function toIdentity({ birthtimeNs, dev, ino }: Pick<BigIntStats, 'birthtimeNs' | 'dev' | 'ino'>): string {
  return `${dev}:${ino}:${birthtimeNs}`;
}

/** Reads the identity of the real directory at a path, as in `FolderListing.identity`; null if there is no directory. */
export async function readDirectoryIdentity(path: string): Promise<string | null> {
  const stats = await readStats(path);
  return stats?.isDirectory() === true ? toIdentity(stats) : null;
}

/** The same of a directory or a regular file. */
export async function readEntryIdentity(path: string): Promise<string | null> {
  const stats = await readStats(path);
  return stats?.isDirectory() === true || stats?.isFile() === true ? toIdentity(stats) : null;
}

/** A name that is too long for the file system cannot exist in it. */
const NOT_THERE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

async function readStats(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (NOT_THERE.has(requireErrno(error))) return undefined;
    throw error;
  }
}
