import { open, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that is removed with its directory when it is disposed. */
export interface ListFile extends AsyncDisposable {
  readonly path: string;
}

/**
 * Writes a list of paths into a file of its own, for this account alone (mode 0600 in a directory of 0700).
 * @throws what the list throws, and the system's error; nothing is left then.
 */
export async function writeListFile(list: AsyncIterable<Uint8Array>): Promise<ListFile> {
  const directory = await mkdtemp(join(tmpdir(), 'sendit-files-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const path = join(directory, 'files');
    await using file = await open(path, 'wx', 0o600);
    for await (const piece of list) await file.writeFile(piece);
    return { path, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
