import type { DiskSpace } from '@sendit/model';
import { toBytes, toShortTime } from '../words/format.ts';
import { NOW, UNITS } from '../words/words.ts';

/** Space left, of how much, and when it is used up if it goes on so. */
export function Disk({ disk }: { readonly disk: DiskSpace | null }) {
  if (disk === null) return UNITS.unknown;
  return (
    <>
      {toBytes(disk.freeBytes)}
      <small>
        {NOW.diskOf(toBytes(disk.totalBytes))}
        {disk.fullAt === null ? null : `, ${NOW.fullBy} ${toShortTime(disk.fullAt)}`}
      </small>
    </>
  );
}
