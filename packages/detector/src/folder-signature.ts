import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import type { FolderSignature } from '@sendit/model';

type Stamped = Pick<BigIntStats, 'ino' | 'mtimeNs' | 'ctimeNs'>;

/** A folder with more directories gets no signature: checking each of them costs as much as a listing. */
const MOST_DIRECTORIES = 1_000;

/** Inode and time of birth: an inode number alone is used again at once. Without the device, which another mount may change. */
export function toBirth({ ino, birthtimeNs }: Pick<BigIntStats, 'ino' | 'birthtimeNs'>): string {
  return `${ino}:${birthtimeNs}`;
}

/** When a file came into being, where its file system says so. */
export function toBornNs(birthtimeNs: bigint): { readonly bornNs?: bigint } {
  return birthtimeNs > 0n ? { bornNs: birthtimeNs } : {};
}

/** The signature of a folder from its directories, itself among them with an empty path. */
export function toFolderSignature(
  identity: string,
  directories: readonly { readonly path: Buffer; readonly stats: Stamped }[],
): FolderSignature | null {
  if (directories.length > MOST_DIRECTORIES) return null;
  return {
    identity,
    directories: directories.map(({ path, stats }) => [path.toString('latin1'), toStamp(stats)] as const),
  };
}

/**
 * Whether no entry of a folder came, went or was renamed since its signature was taken: one question to the file system for each of its
 * directories. What was written into a file that stayed is not seen.
 */
export async function isUnchanged(folder: string, signature: FolderSignature): Promise<boolean> {
  for (const [path, stamp] of signature.directories) {
    const at = path === '' ? folder : Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);
    const stats = await lstat(at, { bigint: true }).catch(() => undefined);
    if (stats === undefined || !stats.isDirectory() || toStamp(stats) !== stamp) return false;
    if (path === '' && toBirth(stats) !== signature.identity) return false;
  }
  return true;
}

function toStamp({ ino, mtimeNs, ctimeNs }: Stamped): string {
  return `${ino}:${mtimeNs}:${ctimeNs}`;
}
