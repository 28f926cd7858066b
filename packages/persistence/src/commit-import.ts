import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ImportResult, statusesBefore } from '@sendit/model';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Queries } from './connection.ts';
import { rowId, toChunks } from './rows.ts';
import { batches, findings, instances, outbox, studies } from './schema.ts';
import { type StoredImport, toStoredImport } from './stored-import.ts';
import { upsertSeries, upsertStudies } from './upsert-entities.ts';

const ROWS_PER_INSERT = 500;

/** Writes an import within the caller's transaction; see `StudyStore.commit`. */
export async function commitImport(tx: Queries, result: ImportResult): Promise<'committed' | 'already-done'> {
  const batchId = rowId(result.batchId);
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
      ...stored.counts,
      finishedAt: sql`now()`,
    })
    .where(and(eq(batches.id, batchId), inArray(batches.status, [...statusesBefore(result.status)])))
    .returning({ id: batches.id });
  // Taken out of PROCESSING by a person: the message is gone, what was read is not wanted.
  if (batch === undefined) return 'already-done';
  await replaceRows(tx, batchId, stored);
  return 'committed';
}

async function replaceRows(tx: Queries, batchId: number, stored: StoredImport): Promise<void> {
  await tx.delete(instances).where(eq(instances.batchId, batchId));
  await tx.delete(findings).where(eq(findings.batchId, batchId));
  await tx.delete(studies).where(eq(studies.scopeBatchId, batchId));
  const studyIds = await upsertStudies(tx, batchId, stored.studies);
  const seriesIds = await upsertSeries(tx, { batchId, studyIds }, stored.series);
  for (const chunk of toChunks(stored.instances, ROWS_PER_INSERT)) {
    await nextTurn();
    await tx.insert(instances).values(
      chunk.map(({ seriesKey, ...instance }) => {
        const seriesId = seriesIds.get(seriesKey);
        if (seriesId === undefined) throw new TypeError('Expected the series of every instance in the result');
        return { ...instance, batchId, seriesId };
      }),
    );
  }
  for (const chunk of toChunks(stored.findings, ROWS_PER_INSERT)) {
    await nextTurn();
    await tx.insert(findings).values(chunk.map((finding) => ({ ...finding, batchId })));
  }
}
