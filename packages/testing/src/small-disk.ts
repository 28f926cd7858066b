import { execFile } from 'node:child_process';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BLOCK_BYTES = 64 * 1024;

/** A directory that can be full: a small file system in memory, where this account may mount one. */
export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Takes every free byte. */
  fill(): Promise<void>;
  /** Gives them back. Idempotent. */
  free(): Promise<void>;
}

/** Whether this account may mount. */
export async function canMount(scratch: string): Promise<boolean> {
  const path = join(scratch, 'mount-probe');
  try {
    const disk = await openSmallDisk(path, 1);
    await disk[Symbol.asyncDispose]();
    return true;
  } catch {
    return false;
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

/** Mounts a tmpfs of the given size on a new directory. */
export async function openSmallDisk(path: string, mebibytes: number): Promise<SmallDisk> {
  await mkdir(path, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0755`, 'sendit-test', path]);
  const ballast = join(path, 'ballast');
  return {
    path,
    async fill() {
      const { bavail, bsize } = await statfs(path);
      if (bavail > 0) await run('fallocate', ['-l', String(bavail * bsize), ballast]).catch(() => undefined);
      // Whatever was freed meanwhile, and where another writer was faster.
      await using file = await open(ballast, 'a');
      const block = Buffer.alloc(BLOCK_BYTES);
      for (const size of [BLOCK_BYTES, bsize]) {
        while (
          await file.write(block, 0, size).then(
            () => true,
            () => false,
          )
        )
          continue;
      }
    },
    free: () => rm(ballast, { force: true }),
    async [Symbol.asyncDispose]() {
      await run('umount', ['-l', path]);
    },
  };
}
