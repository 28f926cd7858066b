import { existsSync } from 'node:fs';
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

/** The same in memory where the system has a place for it: for databases and many files, whose syncing would cost more than the rest of a test. */
export function openMemoryDir(): Promise<TempDir> {
  return openTempDir(existsSync('/dev/shm') ? '/dev/shm' : undefined);
}
