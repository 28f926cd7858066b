import { statfs } from 'node:fs/promises';

/** Magic numbers of file systems whose inode numbers are the same after each mount and on every host: ext, XFS, Btrfs, ZFS, F2FS, tmpfs, NFS. */
const WITH_INODES: ReadonlySet<number> = new Set([
  0xef53, 0x5846_5342, 0x9123_683e, 0x2fc1_2fc1, 0xf2f5_2010, 0x0102_1994, 0x6969,
]);

/** Whether a file below a directory has the same inode number as long as it is that file; false where nobody knows. */
export async function keepsInodes(directory: string | Uint8Array): Promise<boolean> {
  try {
    const { type } = await statfs(typeof directory === 'string' ? directory : Buffer.from(directory));
    return WITH_INODES.has(type >>> 0);
  } catch {
    return false; // a directory that is gone is reported by those who read it
  }
}
