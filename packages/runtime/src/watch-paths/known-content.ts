import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestFile, UnitKind } from '@sendit/model';

export interface SealedSamples {
  sampleThere(
    rootId: string,
    limit: number,
  ): Promise<
    readonly { readonly unit: UnitKind; readonly relativePath: string; readonly files: readonly ManifestFile[] }[]
  >;
}

const BATCHES = 20;

/** CIFS and exFAT keep times in steps of up to two seconds. */
const MTIME_STEP_NS = 2_000_000_000n;

/** Whether most of the newest recorded batches lie in a folder with the files that were sealed; false where nothing is recorded. */
export async function isKnownContent(batches: SealedSamples, rootId: string, folder: string): Promise<boolean> {
  const samples = await batches.sampleThere(rootId, BATCHES);
  const known = await Promise.all(
    samples.map(async ({ files, relativePath, unit }) => {
      const home = unit === 'directory' ? join(folder, relativePath) : folder;
      const found = await Promise.all(files.map((file) => isThere(home, file)));
      return found.length > 0 && found.every(Boolean);
    }),
  );
  const count = known.filter(Boolean).length;
  return count > 0 && count * 2 >= samples.length;
}

async function isThere(home: string, { bytes, mtimeNs, path, rawPath }: ManifestFile): Promise<boolean> {
  const at = rawPath === undefined ? join(home, path) : Buffer.concat([Buffer.from(`${home}/`), rawPath]);
  const stats = await lstat(at, { bigint: true }).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || stats.size !== BigInt(bytes)) return false;
  const apart = stats.mtimeNs - mtimeNs;
  return apart < MTIME_STEP_NS && apart > -MTIME_STEP_NS;
}
