import { execFile } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeSyntheticStudy } from '@sendit/testing/synthetic';

const run = promisify(execFile);

/** A watch path at which a folder is mounted, as a share is. */
export interface WatchedMount extends AsyncDisposable {
  /** Leaves the bare mount point, and puts a directory into it that must never be taken. Idempotent. */
  unmount(): Promise<void>;
  /** Idempotent. */
  mount(): Promise<void>;
}

/** Makes the folder and mounts it at a path. */
export async function openWatchedMount(folder: string, path: string): Promise<WatchedMount> {
  await mkdir(folder);
  let isMounted = false;
  let strays = 0;
  const mount = async (): Promise<void> => {
    if (isMounted) return;
    await run('mount', ['--bind', folder, path]);
    isMounted = true;
  };
  // Lazily, as whoever pulls a share away does: files that are open stay open.
  const unmount = async (): Promise<void> => {
    if (!isMounted) return;
    await run('umount', ['-l', path]);
    isMounted = false;
  };
  await mount();
  return {
    mount,
    async unmount() {
      await unmount();
      strays += 1;
      const arriving = join(path, `STRAY${strays}.tmp`);
      await writeSyntheticStudy(arriving, { seed: `stray/${strays}`, series: [{ instances: 1, rows: 4 }] });
      await rename(arriving, join(path, `STRAY${strays}`));
    },
    [Symbol.asyncDispose]: unmount,
  };
}
