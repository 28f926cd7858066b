import type { BigIntStats } from 'node:fs';
import { open, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MountIdentity } from '@sendit/model';
import { findMountOf, type Mount, parseMountInfo, toPathBelow } from './parse-mountinfo.ts';

/** System access for reading a mount; replaceable in tests. */
export interface MountSystem {
  /** The text of `/proc/self/mountinfo`; undefined if the system has no such file. */
  readMountInfo(): Promise<string | undefined>;
  /** Number of the mount that a directory is on; undefined if unknown. */
  readMountId(path: string): Promise<number | undefined>;
  realpath(path: string): Promise<string>;
  stat(path: string): Promise<Pick<BigIntStats, 'ino' | 'birthtimeNs'>>;
  /** UUID of the file system on a block device, or null. */
  readUuid(device: string): Promise<string | null>;
}

export interface MountSight {
  readonly mount: Mount;
  readonly identity: MountIdentity;
}

/** File systems on a disk: their inode numbers and birth times outlive a reboot. */
const KEEPS_INODES: ReadonlySet<string> = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'bcachefs', 'zfs']);

/**
 * Looks what is mounted where a directory lies; undefined where the system does not tell (only Linux has `/proc/self/mountinfo`). An
 * automount is mounted by the look.
 * @throws the system's error when the directory cannot be opened
 */
export async function readMount(path: string, system: MountSystem = LINUX): Promise<MountSight | undefined> {
  // The directory first: the look at it may mount it.
  const id = await system.readMountId(path);
  const real = await system.realpath(path);
  const text = await system.readMountInfo();
  if (text === undefined) return undefined;
  const mounts = parseMountInfo(text);
  const mount = mounts.find((one) => one.id === id) ?? findMountOf(real, mounts);
  return mount === undefined ? undefined : { mount, identity: await toIdentity(mount, real, system) };
}

/** File systems of this machine's disks and memory, by the names of mountinfo. */
const LOCAL: ReadonlySet<string> = new Set([...KEEPS_INODES, 'tmpfs', 'ramfs', 'overlay']);

/**
 * Whether what is mounted below a directory is all on disks of this machine: a look at a share, or at an automount, may wait for another
 * machine. True where the system does not tell, or the directory is not there.
 */
export async function isLocalBelow(
  path: string,
  system: Pick<MountSystem, 'readMountInfo' | 'realpath'> = LINUX,
): Promise<boolean> {
  const text = await system.readMountInfo();
  if (text === undefined) return true;
  const real = await system.realpath(path).catch(() => path);
  return parseMountInfo(text).every(({ fsType, mountPoint }) => LOCAL.has(fsType) || !toPathBelow(mountPoint, real));
}

async function toIdentity(mount: Mount, path: string, system: MountSystem): Promise<MountIdentity> {
  const { fsType, mountPoint, root, source } = mount;
  return {
    fsType,
    source,
    root: join(root, toPathBelow(path, mountPoint) ?? ''),
    uuid: source.startsWith('/dev/') ? await system.readUuid(source) : null,
    topInode: KEEPS_INODES.has(fsType) ? await readTopInode(mountPoint, system) : null,
  };
}

async function readTopInode(mountPoint: string, system: MountSystem): Promise<string | null> {
  const stats = await system.stat(mountPoint).catch(() => undefined);
  return stats === undefined || stats.birthtimeNs <= 0n ? null : `${stats.ino}:${stats.birthtimeNs}`;
}

const UUIDS = '/dev/disk/by-uuid';

const LINUX: MountSystem = {
  readMountInfo: () => orUndefined(readFile('/proc/self/mountinfo', 'utf8')),
  async readMountId(path) {
    await using directory = await open(path, 'r');
    const info = await orUndefined(readFile(`/proc/self/fdinfo/${directory.fd}`, 'utf8'));
    const id = /^mnt_id:\s*(\d+)$/m.exec(info ?? '')?.[1];
    return id === undefined ? undefined : Number(id);
  },
  realpath: (path) => realpath(path),
  stat: (path) => stat(path, { bigint: true }),
  async readUuid(device) {
    const real = await orUndefined(realpath(device));
    if (real === undefined) return null;
    for (const uuid of (await orUndefined(readdir(UUIDS))) ?? []) {
      if ((await orUndefined(realpath(join(UUIDS, uuid)))) === real) return uuid;
    }
    return null;
  },
};

function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch(() => undefined);
}
