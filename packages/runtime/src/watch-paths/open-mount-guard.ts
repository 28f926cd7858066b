import { stat } from 'node:fs/promises';
import { MountGuard, type MountMemory } from '@sendit/intake';
import { type Logger, type Root } from '@sendit/model';
import { readMount } from '@sendit/watch';
import { isKnownContent, type SealedSamples } from './known-content.ts';

export interface MountGuardStores {
  readonly mounts: MountMemory;
  readonly batches: SealedSamples;
}

/** The guard over what is mounted at a watch path, on this system. */
export function openMountGuard(root: Root, folder: string, stores: MountGuardStores, logger: Logger): MountGuard {
  return new MountGuard({
    root,
    folder,
    readMount: async (path) => (await readMount(path))?.identity,
    readKey: readFolderKey,
    memory: stores.mounts,
    isKnownContent: () => isKnownContent(stores.batches, root.id, folder),
    logger,
  });
}

/** Device and inode of what is at a path; as long as it is mounted, nothing else has both. */
export async function readFolderKey(folder: string): Promise<string | undefined> {
  const stats = await stat(folder, { bigint: true }).catch(() => undefined);
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}
