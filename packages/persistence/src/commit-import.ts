import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ImportResult, statusesBefore } from '@sendit/model';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Queries } from './connection.ts';
import { planActions } from './plan-actions.ts';
import { rowId, toChunks } from './rows.ts';
import { batches, findings, instances, outbox, series, studies } from './schema.ts';
import { type StoredImport, toStoredImport } from './stored-import.ts';
import { upsertSeries, upsertStudies } from './upsert-entities.ts';
import { deleteStaged, writeInstances } from './write-instances.ts';

const ROWS_PER_INSERT = 500;

/** Writes an import within the caller's transaction; see `StudyStore.commit`. */
export async function commitImport(tx: Queries, result: ImportResult): Promise<'committed' | 'already-done'> {
  const batchId = rowId(result.batchId);
  // The batch is locked before its message, as everywhere: a run that begins meanwhile waits, and finds the message gone.
  const [held] = await tx
    .select({ attempts: batches.attempts })
    .from(batches)
    .where(eq(batches.id, batchId))
    .for('update');
  if (held?.attempts !== result.attempt) return 'already-done';
  const [message] = await tx
    .delete(outbox)
    .where(and(eq(outbox.id, result.outboxId), eq(outbox.batchId, batchId)))
    .returning({ id: outbox.id });
  if (message === undefined) return 'already-done';
  const stored = toStoredImport(result);
  const [batch] = await tx
    .update(batches)
    .set({
      status: result.status,
      reason: stored.reason,
      files: result.files,
      bytes: result.bytes,
      digest: result.digest,
      digestAlgorithm: result.digestAlgorithm,
      ...result.times,
      findings: stored.findings.length,
    })
    .where(and(eq(batches.id, batchId), inArray(batches.status, [...statusesBefore(result.status)])))
    .returning({ id: batches.id });
  // Taken out of PROCESSING by a person: the message is gone, what was read is not wanted.
  if (batch === undefined) {
    await deleteStaged(tx, batchId);
    return 'already-done';
  }
  await replaceRows(tx, result, stored);
  await countRows(tx, batchId);
  if (result.status !== 'EMPTY') await planActions(tx, batchId, result.status === 'DONE' ? 'onDone' : 'onFailed');
  return 'committed';
}

async function replaceRows(tx: Queries, result: ImportResult, stored: StoredImport): Promise<void> {
  const batchId = rowId(result.batchId);
  await tx.delete(instances).where(eq(instances.batchId, batchId));
  await tx.delete(findings).where(eq(findings.batchId, batchId));
  await tx.delete(studies).where(eq(studies.scopeBatchId, batchId));
  const studyIds = await upsertStudies(tx, batchId, stored.studies);
  const seriesIds = await upsertSeries(tx, { batchId, studyIds }, stored.series);
  const seriesRows = stored.seriesKeys.map((key) => {
    const id = seriesIds.get(key);
    if (id === undefined) throw new TypeError('Expected every series of the result to be written');
    return id;
  });
  await writeInstances(tx, { run: result, seriesRows }, result.instances);
  for (const chunk of toChunks(stored.findings, ROWS_PER_INSERT)) {
    await nextTurn();
    await tx.insert(findings).values(chunk.map((finding) => ({ ...finding, batchId })));
  }
}

/** What the batch holds, as it was written, and that it is over: `now()` would be the time at which the transaction began. */
async function countRows(tx: Queries, batchId: number): Promise<void> {
  await tx.execute(sql`
    update ${batches} set (instances, series, studies, finished_at) = (
      select count(*), count(distinct item.series_id), count(distinct owner.study_id), clock_timestamp()
      from ${instances} as item join ${series} as owner on owner.id = item.series_id
      where item.batch_id = ${batchId}
    ) where id = ${batchId}`);
}
