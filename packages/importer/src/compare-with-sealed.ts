import type { ManifestFile } from '@sendit/model';
import type { FileRecord } from './header-readers.ts';

/** A sealed file as the import finds it. */
export type SeenFile = Pick<FileRecord, 'bytes' | 'mtimeMs' | 'inode' | 'birthMs' | 'changedMs'> & {
  readonly header: { readonly kind: string };
};

/**
 * What became of a sealed file until its import. The file is told by its time of birth, where that is not known by its inode, where the file
 * system keeps those:
 *
 * sealed   nothing says otherwise; so of one that could not be read, and of what is not known
 * changed  another size or modification time, or another file
 * touched  only its change time is another: a chmod, another link, or its content was overwritten in place and its time set back
 */
export function compareWithSealed(
  sealed: ManifestFile,
  seen: SeenFile,
  keepsInodes: boolean,
): 'sealed' | 'changed' | 'touched' {
  if (seen.header.kind === 'unreadable') return 'sealed';
  if (seen.bytes !== sealed.bytes || seen.mtimeMs !== toMs(sealed.mtimeNs)) return 'changed';
  if (!isThat(sealed, seen, keepsInodes)) return 'changed';
  const isKnown = keepsInodes && sealed.changedNs !== undefined && seen.changedMs !== undefined;
  return isKnown && seen.changedMs !== toMs(sealed.changedNs) ? 'touched' : 'sealed';
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
