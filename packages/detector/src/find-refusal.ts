import { open } from 'node:fs/promises';
import type { ManifestFile } from '@sendit/model';
import { isNoFile, requireErrno } from './errno.ts';
import { READ_FLAGS } from './read-flags.ts';

const SLASH = Buffer.from('/');

/**
 * Reads one byte of each sealed file and returns the errno code of the first that the system refuses, or undefined.
 * Says nothing of bytes further on.
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
      // What is gone, or is no file any more, the import has its own answer for.
      if (code !== undefined && !isNoFile(code)) return code;
    }
  }
  return undefined;
}

async function readByte(path: Buffer): Promise<string | undefined> {
  try {
    await using file = await open(path, READ_FLAGS);
    await file.read(Buffer.alloc(1), 0, 1, 0);
    return undefined;
  } catch (error) {
    return requireErrno(error);
  }
}
