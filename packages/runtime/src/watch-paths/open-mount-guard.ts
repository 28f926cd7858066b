import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { MountGuard, type MountMemory } from '@sendit/intake';
import { type Logger, type Root } from '@sendit/model';
import { readMount } from '@sendit/watch';
import { isKnownContent, type SealedSamples } from './known-content.ts';

export interface MountGuardStores {
  readonly mounts: MountMemory;
  readonly batches: SealedSamples;
}

/** The guard over what is mounted at a watch path, on this system. `isNear`: on a disk of this machine. */
export function openMountGuard(
  root: Root,
  folder: string,
  stores: MountGuardStores,
  { isNear, logger }: { readonly isNear: () => boolean; readonly logger: Logger },
): MountGuard {
  return new MountGuard({
    root,
    folder,
    readMount: async (path) => (await readMount(path))?.identity,
    readKey: async (path) => (isNear() ? readFolderKeyNow(path) : readFolderKey(path)),
    memory: stores.mounts,
    isKnownContent: () => isKnownContent(stores.batches, root.id, folder),
    logger,
  });
}

/** Device and inode of what is at a path; as long as it is mounted, nothing else has both. */
export async function readFolderKey(folder: string): Promise<string | undefined> {
  const stats = await stat(folder, { bigint: true }).catch(() => undefined);
  return stats === undefined ? undefined : toKey(stats);
}

/** It is asked for after every look. */
function readFolderKeyNow(folder: string): string | undefined {
  try {
    return toKey(statSync(folder, { bigint: true }));
  } catch {
    return undefined;
  }
}

function toKey({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}
