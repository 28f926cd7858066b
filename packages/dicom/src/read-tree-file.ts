import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { READ_FLAGS } from './read-flags.ts';
import { type DicomElement, readTree } from './read-tree.ts';

/** All elements of a file up to its pixel data; none where it is no regular file. Throws what the system refuses. */
export function readTreeFile(path: string | Buffer): DicomElement[] {
  const fd = openSync(path, READ_FLAGS);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return [];
    return readTree({ size: stats.size, read: (target, position) => readSync(fd, target, 0, target.length, position) });
  } finally {
    closeSync(fd);
  }
}
