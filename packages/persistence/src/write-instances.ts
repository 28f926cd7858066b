import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportedInstance, ImportRun } from '@sendit/model';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Queries } from './connection.ts';
import { rowId, toChunks } from './rows.ts';
import { batches, instances, stagedInstances } from './schema.ts';
import { toStoredInteger, toStoredKey, toStoredText, toStoredTextOrNull } from './stored-text.ts';

/**
 * Rows go to the server as one JSON value for each statement: of parameters for every cell the driver alone would take six times as long
 * as the whole statement does.
 */
const ROWS_PER_STATEMENT = 2_000;

/** Columns that an instance has of its own, with their types: what both tables share. */
const COLUMNS = sql.raw(
  'sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, path, bytes, digest, digest_algorithm, attributes',
);
const TYPES = sql.raw(
  'series integer, sop_instance_uid text, sop_class_uid text, transfer_syntax_uid text, instance_number integer, path text, bytes bigint, digest text, digest_algorithm text, attributes jsonb',
);

/** The row of each series of an import, by its index there. */
export type SeriesRows = readonly number[];

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
  for (const chunk of toChunks(items, ROWS_PER_STATEMENT)) {
    await nextTurn();
    await tx.execute(sql`
      insert into ${stagedInstances} (batch_id, attempt, series, ${COLUMNS})
      select ${batchId}::bigint, ${run.attempt}::integer, series, ${COLUMNS} from ${toRecordset(chunk)}`);
  }
  return 'staged';
}

/** Deletes what the runs of a batch have kept. */
export async function deleteStaged(tx: Queries, batchId: number): Promise<void> {
  await tx.delete(stagedInstances).where(eq(stagedInstances.batchId, batchId));
}

/** Writes the instances that a run has kept, and the rest of them. Of two that are one after cleaning the first is kept. */
export async function writeInstances(
  tx: Queries,
  { run, seriesRows }: { readonly run: ImportRun; readonly seriesRows: SeriesRows },
  rest: readonly ImportedInstance[],
): Promise<void> {
  const batchId = rowId(run.batchId);
  await insertFrom(
    tx,
    sql`(select * from ${stagedInstances} where batch_id = ${batchId} and attempt = ${run.attempt}) as item`,
  );
  await deleteStaged(tx, batchId);
  for (const chunk of toChunks(rest, ROWS_PER_STATEMENT)) {
    if (chunk.some(({ series }) => seriesRows[series] === undefined)) {
      throw new TypeError('Expected the series of every instance in the result');
    }
    await insertFrom(tx, toRecordset(chunk));
  }

  async function insertFrom(queries: Queries, rows: SQL): Promise<void> {
    await nextTurn();
    await queries.execute(sql`
      insert into ${instances} (batch_id, series_id, ${COLUMNS})
      select ${batchId}::bigint, (${`{${seriesRows.join()}}`}::bigint[])[item.series + 1], ${COLUMNS} from ${rows}
      on conflict do nothing`);
  }
}

/** One JSON parameter as a table named `item`. */
function toRecordset(items: readonly ImportedInstance[]): SQL {
  const rows = items.map((item) => ({
    series: item.series,
    sop_instance_uid: toStoredKey(item.sopInstanceUid),
    sop_class_uid: toStoredTextOrNull(item.sopClassUid),
    transfer_syntax_uid: toStoredTextOrNull(item.transferSyntaxUid),
    instance_number: toStoredInteger(item.instanceNumber),
    path: toStoredText(item.path),
    bytes: item.bytes,
    digest: item.digest,
    digest_algorithm: item.digestAlgorithm,
    attributes: item.attributes && toStoredAttributes(item.attributes),
  }));
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as item(${TYPES})`;
}

function toStoredAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([keyword, value]) => [keyword, toStoredText(value)]));
}
