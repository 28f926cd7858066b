import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CommitOutcome, type ImportResult, judgeFinding, statusesBefore, toErrorReason } from '@sendit/model';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { type ReplacedFiles, takeBack, tellReplaced } from './cut-instances.ts';
import { countFound, type FoundRivals, toRivalFindings } from './instance-rivals.ts';
import { planActions, planEvent, toPlannedSteps } from '../actions/plan-actions.ts';
import { readImportPolicy } from '../batches/roots.ts';
import { one, readRows, rowId, toChunks } from '../schema/rows.ts';
import { batches, findings, instances, outbox, quarantinedFiles, series, studies } from '../schema/schema.ts';
import { deleteWords } from './stated-words.ts';
import { type StoredImport, toStoredImport } from '../schema/stored-import.ts';
import { completeEntities, ensureEntities } from './write-entities.ts';
import { deleteStaged, writeInstances } from './write-instances.ts';

const ROWS_PER_INSERT = 500;

/** Writes an import within the caller's transaction; see `StudyStore.commit`. */
export async function commitImport(tx: Queries, result: ImportResult): Promise<CommitOutcome> {
  const batchId = rowId(result.batchId);
  // The batch is locked before its message, as everywhere: a run that begins meanwhile waits, and finds the message gone.
  const [held] = await tx
    .select({
      attempts: batches.attempts,
      status: batches.status,
      rootId: batches.rootId,
      relativePath: batches.relativePath,
      generation: batches.generation,
      acceptedAt: batches.acceptedAt,
    })
    .from(batches)
    .where(eq(batches.id, batchId))
    .for('update');
  if (held?.attempts !== result.attempt) return ALREADY_DONE;
  const [message] = await tx
    .delete(outbox)
    .where(and(eq(outbox.id, result.outboxId), eq(outbox.batchId, batchId)))
    .returning({ id: outbox.id });
  if (message === undefined) return ALREADY_DONE;
  // Taken out of PROCESSING by a person: the message is gone, what was read is not wanted.
  if (!statusesBefore(result.status).includes(held.status)) {
    await deleteStaged(tx, batchId);
    return ALREADY_DONE;
  }
  await lockEarlier(tx, held);
  await lockInstances(tx, result.attempt > 1 && (await hasInstances(tx, batchId)));
  if (result.attempt > 1) await deleteRows(tx, batchId);
  const stored = toStoredImport(result);
  const written = await writeRows(tx, { ...held, batchId }, { result, stored });
  const outcome = await endBatch(tx, result, {
    ...written,
    reason: stored.reason ?? (held.acceptedAt === null ? written.reason : null),
  });
  if (outcome.status === 'DONE') await planActions(tx, batchId, 'onDone', toPlannedSteps(result.steps));
  else if (outcome.status !== 'EMPTY') {
    await planActions(tx, batchId, 'onFailed');
    await planEvent(tx, batchId, 'onError');
  }
  return outcome;
}

const ALREADY_DONE = { kind: 'already-done' } as const;

/** Generations of one directory are written one after the other: what a later one replaces must not change under it. */
async function lockEarlier(tx: Queries, { rootId, relativePath, generation }: Omit<Place, 'batchId'>): Promise<void> {
  if (generation === 1) return;
  await tx
    .select({ id: batches.id })
    .from(batches)
    .where(and(eq(batches.rootId, rootId), eq(batches.relativePath, relativePath), lt(batches.generation, generation)))
    .orderBy(desc(batches.generation))
    .for('share');
}

/** Whether an earlier import of the batch has written instances: one that ended in ERROR has. */
async function hasInstances(tx: Queries, batchId: number): Promise<boolean> {
  const ofBatch = eq(instances.batchId, batchId);
  return (await tx.select({ batchId: instances.batchId }).from(instances).where(ofBatch).limit(1)).length > 0;
}

/**
 * Imports are written beside each other, but for one that takes back what it has written: another that has found an instance of it to be
 * the first would be a duplicate of nothing. Before the studies, for all alike: nobody waits for the table with a study in hand.
 */
async function lockInstances(tx: Queries, takesBack: boolean): Promise<void> {
  await tx.execute(
    sql`lock table ${instances} in ${sql.raw(takesBack ? 'share row exclusive' : 'row exclusive')} mode`,
  );
}

/** Where an import is written. */
interface Place {
  readonly batchId: number;
  readonly rootId: number;
  readonly relativePath: string;
  readonly generation: number;
}

/** Row counts written by an import. */
interface Written {
  readonly findings: number;
  readonly quarantined: number;
  /** Why it ends in ERROR, where a finding about other batches is an error. */
  readonly reason: string | null;
}

async function writeRows(
  tx: Queries,
  place: Place,
  { result, stored }: { readonly result: ImportResult; readonly stored: StoredImport },
): Promise<Written> {
  const { batchId } = place;
  const entities = await ensureEntities(tx, batchId, stored);
  const seriesRows = stored.seriesKeys.map((key) => {
    const row = entities.seriesRows.get(key);
    if (row === undefined) throw new TypeError('Expected every series of the result to be written');
    return row.id;
  });
  const written = await writeInstances(tx, { ...place, attempt: result.attempt, seriesRows }, result.instances);
  const found = written.filter((one) => one.batchId === batchId);
  const replaced = written.filter((one) => one.batchId !== batchId);
  const quarantined = countFound(found, 'instance-conflict');
  await tellReplaced(tx, batchId, replaced.map(toReplaced));
  const differing = await completeEntities(tx, entities, { stored, quarantined });
  const beside = [...toRivalFindings(found), ...differing];
  const policy = beside.length === 0 ? {} : (await readImportPolicy(tx, place.rootId)).findingPolicy;
  const rivals = beside.flatMap((finding) => judgeFinding(finding, policy) ?? []);
  const all = [...stored.findings, ...rivals];
  for (const chunk of toChunks(all, ROWS_PER_INSERT)) {
    await nextTurn();
    await tx.insert(findings).values(chunk.map((finding) => ({ ...finding, batchId })));
  }
  return { findings: all.length, quarantined, reason: toErrorReason(rivals) };
}

function toReplaced({ batchId, total, files }: FoundRivals): ReplacedFiles {
  return { batchId, total, path: files[0]?.path ?? '' };
}

/** Deletes the rows of an earlier import of the batch. */
async function deleteRows(tx: Queries, batchId: number): Promise<void> {
  await takeBack(tx, batchId);
  await deleteWords(tx, batchId);
  await tx.delete(quarantinedFiles).where(eq(quarantinedFiles.batchId, batchId));
  await tx.delete(findings).where(eq(findings.batchId, batchId));
  await tx.delete(studies).where(eq(studies.scopeBatchId, batchId));
}

const ALL_IN_CONFLICT = 'Other batches have every image of it with other bytes.';

/** Writes the batch's counts and its end; `now()` would be the start of the transaction. */
async function endBatch(
  tx: Queries,
  result: ImportResult,
  { reason, findings, quarantined }: Written,
): Promise<Extract<CommitOutcome, { kind: 'committed' }>> {
  const batchId = rowId(result.batchId);
  const counts = await countRows(tx, batchId);
  const isAllInConflict = reason === null && result.status === 'DONE' && counts.instances === 0 && quarantined > 0;
  const status = reason !== null ? 'ERROR' : isAllInConflict ? 'EMPTY' : result.status;
  const written = { status, ...counts, findings } as const;
  await tx
    .update(batches)
    .set({
      ...written,
      reason: isAllInConflict ? ALL_IN_CONFLICT : reason,
      files: result.files,
      bytes: result.bytes,
      digest: result.digest,
      digestAlgorithm: result.digestAlgorithm,
      ...result.times,
      finishedAt: sql`clock_timestamp()`,
    })
    .where(eq(batches.id, batchId));
  return { kind: 'committed', ...written, quarantined };
}

/** Counts per series first: a distinct count over all instances would sort them. */
async function countRows(
  tx: Queries,
  batchId: number,
): Promise<{ readonly instances: number; readonly series: number; readonly studies: number }> {
  return one(
    await readRows(
      tx,
      sql`select coalesce(sum(held.instances), 0)::integer as instances, count(*)::integer as series,
        count(distinct ${series.studyId})::integer as studies
      from (select series_id, count(*) as instances from ${instances} where batch_id = ${batchId} group by series_id) as held
      join ${series} on ${series.id} = held.series_id`,
    ),
  );
}
