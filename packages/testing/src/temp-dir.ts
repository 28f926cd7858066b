import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of a test's own; removed with everything in it when disposed. */
export interface TempDir extends AsyncDisposable {
  /** Absolute, without symlinks. */
  readonly path: string;
}

/** Creates a fresh directory below the system's temp directory, or below `parent`. */
export async function openTempDir(parent: string = tmpdir()): Promise<TempDir> {
  const path = await realpath(await mkdtemp(join(parent, 'sendit-test-')));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
