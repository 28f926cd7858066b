import { statfs } from 'node:fs/promises';
import { type BytePath, toPathBytes } from '@sendit/files';

/** Magic numbers of file systems that wait for another machine or process: NFS, SMB, CIFS, SMB2, FUSE, 9p, Ceph, AFS (statfs(2)). */
const NETWORK: ReadonlySet<number> = new Set([
  0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x6573_5546, 0x0102_1997, 0x00c3_6400, 0x5346_414f,
]);

/** Whether what lies below a directory is fetched over a network or from another process; false where the system does not say. */
export async function isNetworkStorage(directory: BytePath): Promise<boolean> {
  return NETWORK.has(await readType(directory));
}

async function readType(directory: BytePath): Promise<number> {
  try {
    const { type } = await statfs(toPathBytes(directory));
    return type >>> 0;
  } catch {
    return 0; // a directory that is gone is reported by those who read it
  }
}
