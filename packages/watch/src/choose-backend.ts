import { statfs } from 'node:fs/promises';
import { loadInotifyBinding } from './inotify/binding.ts';
import { fromThrown } from './watch-error.ts';
import type { BackendName } from './backend.ts';

/** Which backend a path gets, and why. */
export interface BackendChoice {
  readonly backend: BackendName;
  /** `Linux, ext4`, or `koffi could not be loaded: …`. */
  readonly reason: string;
}

/** The reason when nothing was decided here. */
export const ASKED_FOR = 'asked for';

/** File systems that other hosts or processes change without the kernel seeing it, by statfs type (statfs(2)). */
const REMOTE: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x65735546, 'FUSE'],
  [0x01021997, '9p'],
  [0x6a656a63, 'virtiofs'],
  [0x786f4256, 'vboxsf'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
]);

const LOCAL: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlay'],
  [0x2fc12fc1, 'zfs'],
  [0xf2f52010, 'f2fs'],
]);

/**
 * Chooses the backend of a path: the wanted one, else by platform, file system and whether koffi can be loaded.
 *
 * @throws SenditError `watch-failed` when the path cannot be looked at
 */
export async function chooseBackend(path: string, wanted: BackendName | 'auto' = 'auto'): Promise<BackendChoice> {
  if (wanted !== 'auto') return { backend: wanted, reason: ASKED_FOR };
  if (process.platform !== 'linux') return { backend: 'chokidar', reason: `no inotify on ${process.platform}` };
  const type = await readFileSystemType(path);
  const remote = REMOTE.get(type);
  if (remote !== undefined) {
    return { backend: 'polling', reason: `Linux, ${remote}: changes made elsewhere raise no event here` };
  }
  const loaded = await loadInotifyBinding();
  if (loaded.kind === 'unavailable') return { backend: 'chokidar', reason: loaded.reason };
  return { backend: 'inotify', reason: `Linux, ${LOCAL.get(type) ?? `file system type 0x${type.toString(16)}`}` };
}

/** How a whole tree is watched, and why. */
export interface TreeChoice extends BackendChoice {
  /** Changes made elsewhere raise no event: every directory is listed by turns too. */
  readonly polled: boolean;
  /** A directory's link count tells whether it has subdirectories. */
  readonly countsLinks: boolean;
}

/** nlink is 2 plus the subdirectories; elsewhere (btrfs, overlay, CIFS) it says nothing. */
const COUNTING_LINKS: ReadonlySet<number> = new Set([0xef53, 0x58465342, 0x01021994]);

/**
 * Chooses how to watch a tree: as {@link chooseBackend}, but where other hosts change the files inotify is kept for what happens on this
 * one, with listing by turns beside it.
 *
 * @throws SenditError `watch-failed` when the path cannot be looked at
 */
export async function chooseForTree(path: string, wanted: BackendName | 'auto' = 'auto'): Promise<TreeChoice> {
  const choice = await chooseBackend(path, wanted);
  if (process.platform !== 'linux' || choice.backend === 'chokidar') {
    return { ...choice, polled: choice.backend === 'polling', countsLinks: false };
  }
  const type = await readFileSystemType(path);
  const remote = REMOTE.get(type);
  const countsLinks = COUNTING_LINKS.has(type);
  if (wanted !== 'auto' || remote === undefined)
    return { ...choice, polled: choice.backend === 'polling', countsLinks };
  const loaded = await loadInotifyBinding();
  if (loaded.kind === 'unavailable')
    return { backend: 'polling', reason: `Linux, ${remote}`, polled: true, countsLinks };
  const reason = `Linux, ${remote}: inotify for changes made here, polling for those made elsewhere`;
  return { backend: 'inotify', reason, polled: true, countsLinks };
}

async function readFileSystemType(path: string): Promise<number> {
  try {
    const { type } = await statfs(path);
    return type >>> 0;
  } catch (thrown) {
    throw fromThrown(path, thrown);
  }
}
