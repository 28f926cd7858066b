import type { ManifestFile } from '@sendit/model';
import type { FileRecord } from './header-readers.ts';

/** A sealed file as the import finds it. */
export type SeenFile = Pick<FileRecord, 'bytes' | 'mtimeMs' | 'inode' | 'birthMs'> & {
  readonly header: { readonly kind: string };
};

/**
 * Whether a file has the size and the modification time that were sealed, and is that very file: its time of birth says so, where that is not
 * known its inode, where the file system keeps those. Of one that could not be read, and of what is not known, nothing is said.
 */
export function isAsSealed(sealed: ManifestFile, seen: SeenFile, keepsInodes: boolean): boolean {
  if (seen.header.kind === 'unreadable') return true;
  return seen.bytes === sealed.bytes && seen.mtimeMs === toMs(sealed.mtimeNs) && isThat(sealed, seen, keepsInodes);
}

function isThat({ bornNs, inode }: ManifestFile, seen: SeenFile, keepsInodes: boolean): boolean {
  if (bornNs !== undefined && seen.birthMs !== undefined && seen.birthMs > 0) return seen.birthMs === toMs(bornNs);
  return !keepsInodes || seen.inode === undefined || seen.inode === Number(inode);
}

/** As `fs.Stats` makes its `mtimeMs` of seconds and the nanoseconds after them: to the last bit, or an equal time were another. */
function toMs(ns: bigint): number {
  const nanoseconds = ((ns % SECOND) + SECOND) % SECOND;
  return Number((ns - nanoseconds) / SECOND) * 1_000 + Number(nanoseconds) / 1_000_000;
}

const SECOND = 1_000_000_000n;
