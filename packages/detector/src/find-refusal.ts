import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ManifestFile } from '@sendit/model';

/** O_NONBLOCK: a FIFO would block the open for ever. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const SLASH = Buffer.from('/');

/** What no waiting mends, and what an import has its own answer for: a file that is gone, or is none any more. */
const ANSWERS: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EISDIR']);

/**
 * Tries whether sealed files of a directory can be read, by one byte of each: the errno code of the first that the system refuses, undefined
 * where there is none. Says nothing of bytes further on.
 * @throws the signal's reason when aborted.
 */
export async function findRefusal(
  directory: string,
  parts: AsyncIterable<readonly ManifestFile[]>,
  signal: AbortSignal,
): Promise<string | undefined> {
  for await (const part of parts) {
    for (const { path, rawPath } of part) {
      signal.throwIfAborted();
      const file = Buffer.concat([Buffer.from(directory), SLASH, rawPath ?? Buffer.from(path)]);
      const code = await readByte(file);
      if (code !== undefined && !ANSWERS.has(code)) return code;
    }
  }
  return undefined;
}

async function readByte(path: Buffer): Promise<string | undefined> {
  try {
    await using file = await open(path, FLAGS);
    await file.read(Buffer.alloc(1), 0, 1, 0);
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}
