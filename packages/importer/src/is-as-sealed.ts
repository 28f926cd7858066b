import type { ManifestFile } from '@sendit/model';
import type { FileRecord } from './header-readers.ts';

/** Whether a file has the size and the modification time that were sealed; of one that could not be read nothing is said. */
export function isAsSealed({ bytes, mtimeNs }: ManifestFile, record: FileRecord): boolean {
  if (record.header.kind === 'unreadable') return true;
  return record.bytes === bytes && record.mtimeMs === toMs(mtimeNs);
}

/** As `fs.Stats` makes its `mtimeMs` of seconds and the nanoseconds after them: to the last bit, or an equal time were another. */
function toMs(ns: bigint): number {
  const nanoseconds = ((ns % SECOND) + SECOND) % SECOND;
  return Number((ns - nanoseconds) / SECOND) * 1_000 + Number(nanoseconds) / 1_000_000;
}

const SECOND = 1_000_000_000n;
