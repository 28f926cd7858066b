import { randomUUID } from 'node:crypto';
import type { OutboxRow } from '@sendit/model';

/** Files of a batch that may share a job: it is read in milliseconds. */
const MOST_FILES = 100;
/** Rows of one job. */
const MOST = 25;
/** Fewer than these have jobs of their own. */
const FEWEST = 4;

/**
 * Puts rows that are sent for the first time, of small batches, into groups that travel as one job. What was sent before keeps its group, so
 * that its job is the same again; what comes alone has no company to wait for. What arrived and what a scan found are not mixed.
 */
export function toGroups(rows: readonly OutboxRow[], newId: () => string = randomUUID): readonly OutboxRow[] {
  const groupOf = new Map<OutboxRow, string>();
  for (const isFound of [false, true]) {
    const small = rows.filter((row) => isSmall(row) && (row.isFound ?? false) === isFound);
    if (small.length < FEWEST) continue;
    const size = Math.ceil(small.length / Math.ceil(small.length / MOST));
    for (let first = 0; first < small.length; first += size) {
      const id = newId();
      for (const row of small.slice(first, first + size)) groupOf.set(row, id);
    }
  }
  return rows.map((row) => {
    const groupId = groupOf.get(row);
    return groupId === undefined ? row : { ...row, groupId };
  });
}

function isSmall({ freshFiles, groupId }: OutboxRow): boolean {
  return groupId === undefined && freshFiles !== undefined && freshFiles <= MOST_FILES;
}
