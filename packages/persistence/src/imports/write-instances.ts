import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportedInstance, ImportRun } from '@sendit/model';
import { and, count, eq, type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { type FoundRivals, type ImportTarget, settleRivals } from './instance-rivals.ts';
import { COLUMNS, type InstanceRow, seriesOfItem, toInstanceRow, toRecordset } from './instance-rows.ts';
import { one, readRows, rowId, toChunks } from '../schema/rows.ts';
import { batches, instances, stagedInstances } from '../schema/schema.ts';

/** Rows travel as one JSON value for each statement. */
const ROWS_PER_STATEMENT = 2_000;

/** Keeps instances for the commit of their run; `superseded` when that run is not the batch's last, or goes on no more. */
export async function stageInstances(
  tx: Queries,
  run: ImportRun,
  items: readonly ImportedInstance[],
): Promise<'staged' | 'superseded'> {
  const batchId = rowId(run.batchId);
  const going = and(eq(batches.id, batchId), eq(batches.attempts, run.attempt), eq(batches.status, 'PROCESSING'));
  // Locked: a run that begins meanwhile waits, and then deletes what is written here.
  const [batch] = await tx.select({ id: batches.id }).from(batches).where(going).for('share');
  if (batch === undefined) return 'superseded';
  await insertStaged(tx, { batchId, attempt: run.attempt }, items.map(toInstanceRow));
  return 'staged';
}

/** Deletes what the runs of a batch have kept. */
export async function deleteStaged(tx: Queries, batchId: number): Promise<void> {
  await tx.delete(stagedInstances).where(eq(stagedInstances.batchId, batchId));
}

/**
 * Writes the instances that a run has kept, and the rest of them, each beside those of other batches; of two with one UID
 * the whole one is kept, then the first by path. They are written in the order of their UIDs: of two imports that share some one waits for the other, and
 * never each for the other. (UIDs that hold characters beyond U+FFFF may be ordered differently here and by the server; of a circle the
 * server ends one, and that import is tried again.)
 */
export async function writeInstances(
  tx: Queries,
  target: ImportTarget,
  rest: readonly ImportedInstance[],
): Promise<readonly FoundRivals[]> {
  const { batchId, attempt, seriesRows } = target;
  if (rest.some(({ series }) => seriesRows[series] === undefined)) {
    throw new TypeError('Expected the series of every instance in the result');
  }
  const rows = rest.map(toInstanceRow);
  const ofRun = and(eq(stagedInstances.batchId, batchId), eq(stagedInstances.attempt, attempt));
  const { kept } = one(await tx.select({ kept: count() }).from(stagedInstances).where(ofRun));
  const found: FoundRivals[] = [];
  if (kept > 0) {
    await insertStaged(tx, target, rows);
    const all = sql`(select distinct on (sop_instance_uid collate "C") * from ${stagedInstances} where ${ofRun}
      order by sop_instance_uid collate "C", is_whole is not distinct from false, path collate "C") as item`;
    await write(all, kept + rows.length);
  } else {
    for (const chunk of toChunks(toOrdered(rows), ROWS_PER_STATEMENT)) await write(toRecordset(chunk), chunk.length);
  }
  await deleteStaged(tx, batchId);
  return found;

  async function write(items: SQL, offered: number): Promise<void> {
    await nextTurn();
    // An update of nothing, so that the row that is first is locked, where one is: until this import is over it stays that.
    const [written] = await readRows<{ readonly rows: number }>(
      tx,
      sql`with written as (
        insert into ${instances} (batch_id, series_id, ${COLUMNS})
        select ${batchId}::bigint, ${seriesOfItem(seriesRows)}, ${COLUMNS} from ${items}
        on conflict (sop_instance_uid text_pattern_ops) where standing = 'first' do update set standing = 'first' where false returning 1
      ) select count(*)::integer as rows from written`,
    );
    if (written?.rows !== offered) found.push(...(await settleRivals(tx, target, items)));
  }
}

async function insertStaged(
  tx: Queries,
  { batchId, attempt }: Pick<ImportTarget, 'batchId' | 'attempt'>,
  rows: readonly InstanceRow[],
): Promise<void> {
  for (const chunk of toChunks(rows, ROWS_PER_STATEMENT)) {
    await nextTurn();
    await tx.execute(sql`
      insert into ${stagedInstances} (batch_id, attempt, series, ${COLUMNS})
      select ${batchId}::bigint, ${attempt}::integer, series, ${COLUMNS} from ${toRecordset(chunk)}`);
  }
}

/** In the order of their UIDs, each once: the whole one, then the first by path. */
export function toOrdered(rows: readonly InstanceRow[]): readonly InstanceRow[] {
  const sorted = rows.toSorted(
    (a, b) =>
      compare(a.sop_instance_uid, b.sop_instance_uid) ||
      Number(a.is_whole === false) - Number(b.is_whole === false) ||
      compare(a.path, b.path),
  );
  return sorted.filter(({ sop_instance_uid: uid }, index) => uid !== sorted[index - 1]?.sop_instance_uid);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
