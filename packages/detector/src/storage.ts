import { statfs } from 'node:fs/promises';

/** Magic numbers of file systems on disks of this machine, or in its memory: ext, XFS, Btrfs, ZFS, F2FS, tmpfs, overlayfs (statfs(2)). */
const NEAR: ReadonlySet<number> = new Set([
  0xef53, 0x5846_5342, 0x9123_683e, 0x2fc1_2fc1, 0xf2f5_2010, 0x0102_1994, 0x794c_7630,
]);

/** Of those that wait for another machine or process: NFS, SMB, CIFS, SMB2, FUSE, 9p, Ceph, AFS. */
const NETWORK: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x6573_5546, 0x0102_1997, 0x00c3_6400, 0x5346_414f,
]);

/** Of those whose inode numbers are the same after each mount and on every host: ext, XFS, Btrfs, ZFS, F2FS, tmpfs, NFS. */
const WITH_INODES: ReadonlySet<number> = new Set([
  0xef53, 0x5846_5342, 0x9123_683e, 0x2fc1_2fc1, 0xf2f5_2010, 0x0102_1994, 0x6969,
]);

/** What is known of the file system that a directory lies on. All false where the system does not say. */
export interface Storage {
  /** It is on a disk of this machine: what the system knows of it is there at once. */
  readonly isNear: boolean;
  /** What lies there is fetched over a network or from another process. */
  readonly isNetwork: boolean;
  /** A file there has the same inode number as long as it is that file. */
  readonly keepsInodes: boolean;
}

/** Tells on what a directory lies. */
export async function readStorage(directory: string | Uint8Array): Promise<Storage> {
  const type = await readType(directory);
  return { isNear: NEAR.has(type), isNetwork: NETWORK.has(type), keepsInodes: WITH_INODES.has(type) };
}

/** Whether a file below a directory has the same inode number as long as it is that file; false where nobody knows. */
export async function keepsInodes(directory: string | Uint8Array): Promise<boolean> {
  return (await readStorage(directory)).keepsInodes;
}

async function readType(directory: string | Uint8Array): Promise<number> {
  try {
    const { type } = await statfs(typeof directory === 'string' ? directory : Buffer.from(directory));
    return type >>> 0;
  } catch {
    return 0; // a directory that is gone is reported by those who read it
  }
}
