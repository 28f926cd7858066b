import {
  type BatchProgress,
  type CommitOutcome,
  type ImportPart,
  type ImportResult,
  type ImportRun,
  type ManifestFile,
  statusesBefore,
} from '@sendit/model';
import { and, eq, exists, inArray, type SQL, sql } from 'drizzle-orm';
import { markQueued } from '../batches/mark-queued.ts';
import { type BeginOutcome, createBegins } from './begin-import.ts';
import { createCommits } from './commit-group.ts';
import type { Connection, Queries } from '../engine/connection.ts';
import { readEarlierFiles } from '../batches/earlier-files.ts';
import { readManifest } from '../batches/manifests.ts';
import { planActions, planEvent } from '../actions/plan-actions.ts';
import { rowId, toOutboxId, toOwnJob } from '../schema/rows.ts';
import { batches, outbox } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';
import { deleteStaged, stageInstances } from './write-instances.ts';

/** Payload of an import job. */
export interface ImportJob {
  readonly batchId: string;
  readonly outboxId: string;
}

/** Database side of an import, from its start to its one commit. Each call may be repeated. */
export interface StudyStore {
  /** Of messages that were sent in a job with others: each has one of its own from now on. */
  setApart(outboxIds: readonly string[]): Promise<void>;
  /** → PROCESSING, one attempt more. Jobs that are not of this database are settled. */
  begin(job: ImportJob): Promise<BeginOutcome>;
  /** The files of a batch as they were sealed; see `BatchStore.manifest`. */
  manifest(batchId: string): AsyncIterable<readonly ManifestFile[]>;
  /** Paths of the instances that the generations before a batch of late files have of some series; see `readEarlierFiles`. */
  earlier(batchId: string, seriesInstanceUids: readonly string[]): AsyncIterable<readonly string[]>;
  /** How far header reading has come; ignored once the batch has left PROCESSING. */
  progress(batchId: string, progress: BatchProgress): Promise<void>;
  /** Keeps instances for the commit of their run, seen by nobody before. `superseded` when a later run has begun, or none goes on. */
  stage(part: ImportPart): Promise<'staged' | 'superseded'>;
  /**
   * Writes an import, what its run has kept included, and deletes its message, in one transaction; whoever finds the message gone or a
   * later run begun writes nothing. An earlier import of the same batch is replaced.
   */
  commit(result: ImportResult): Promise<CommitOutcome>;
  /** After an attempt that failed, before the next: PROCESSING → QUEUE, with the reason. Nothing where a later run has begun. */
  postpone(run: ImportRun, reason: string): Promise<void>;
  /** After the last attempt: batch → QUARANTINED with the reason, message deleted. One that a person holds stays held. */
  fail(job: ImportJob, reason: string): Promise<'failed' | 'already-done'>;
  /** After the last attempt, when sealed files were gone: batch → HELD until they are back, message deleted. */
  holdMissing(job: ImportJob, reason: string): Promise<'held' | 'already-done'>;
  /** After the last attempt, when sealed files could not be read: batch → HELD until it is retried, message deleted. */
  holdUnreadable(job: ImportJob, reason: string): Promise<'held' | 'already-done'>;
}

/** The imports of a database. */
export function toStudyStore(connection: Connection): StudyStore {
  const begin = createBegins(connection);
  const commit = createCommits(connection);
  return {
    begin: async (job) => {
      const own = toOwnJob(job);
      return own === undefined ? { kind: 'settled' } : begin(own);
    },
    setApart: async (outboxIds) => {
      const own = outboxIds.flatMap((id) => toOutboxId(id) ?? []);
      if (own.length === 0) return;
      await connection.run(async (db) => {
        await db.update(outbox).set({ groupId: null }).where(inArray(outbox.id, own));
      });
    },
    manifest: (batchId) => readManifest(connection, rowId(batchId)),
    earlier: (batchId, uids) => readEarlierFiles(connection, rowId(batchId), uids),
    progress: (batchId, { filesDone, filesTotal, bytesDone, elapsedMs }) =>
      connection.run(async (db) => {
        await db
          .update(batches)
          .set({ filesDone, filesTotal, bytesDone, progressMs: elapsedMs })
          .where(and(eq(batches.id, rowId(batchId)), eq(batches.status, 'PROCESSING')));
      }),
    commit: async (result) => (toOwnJob(result) === undefined ? { kind: 'already-done' } : commit(result)),
    stage: async (part) =>
      toOwnJob(part) === undefined
        ? 'superseded'
        : connection.transaction((tx) => stageInstances(tx, part, part.instances)),
    postpone: async (run, reason) => {
      const own = toOwnJob(run);
      if (own === undefined) return;
      await connection.transaction((tx) => postpone(tx, { ...own, attempt: run.attempt }, toStoredText(reason)));
    },
    fail: async (job, reason) => {
      const own = toOwnJob(job);
      return own === undefined ? 'already-done' : connection.transaction((tx) => fail(tx, own, toStoredText(reason)));
    },
    holdMissing: (job, reason) => holdJob(job, { reason, missingSince: sql`now()` }),
    // Not `missingSince`: that they are listed says nothing about whether they can be read, and a retry must not accept their loss.
    holdUnreadable: (job, reason) => holdJob(job, { reason, unreadableSince: sql`now()` }),
  };

  async function holdJob(job: ImportJob, why: Hold): Promise<'held' | 'already-done'> {
    const own = toOwnJob(job);
    if (own === undefined) return 'already-done';
    return connection.transaction((tx) => hold(tx, own, { ...why, reason: toStoredText(why.reason) }));
  }
}

/** Why a batch is held, and since when its files are missing, or cannot be read, where that is why. */
interface Hold {
  readonly reason: string;
  readonly missingSince?: SQL;
  readonly unreadableSince?: SQL;
}

type OwnJob = NonNullable<ReturnType<typeof toOwnJob>>;

async function postpone(
  db: Queries,
  { batchId, outboxId, attempt }: OwnJob & { readonly attempt: number },
  reason: string,
): Promise<void> {
  const message = and(eq(outbox.id, outboxId), eq(outbox.batchId, batchId));
  const [batch] = await db
    .update(batches)
    .set({ status: 'QUEUE', reason, filesDone: null, filesTotal: null })
    .where(
      and(
        eq(batches.id, batchId),
        eq(batches.attempts, attempt),
        eq(batches.status, 'PROCESSING'),
        exists(db.select({ one: sql`1` }).from(outbox).where(message)),
      ),
    )
    .returning({ id: batches.id });
  if (batch !== undefined) await deleteStaged(db, batchId);
}

/** A batch is locked before its message, as everywhere: in another order two of these could wait for each other. */
async function lockBatch(tx: Queries, batchId: number): Promise<void> {
  await tx.select({ id: batches.id }).from(batches).where(eq(batches.id, batchId)).for('update');
}

/** Statuses of a batch whose message the queue has; all of them may become QUARANTINED. */
const IN_THE_QUEUE = statusesBefore('QUARANTINED').filter((status) => status === 'QUEUE' || status === 'PROCESSING');

async function fail(tx: Queries, { batchId, outboxId }: OwnJob, reason: string): Promise<'failed' | 'already-done'> {
  await lockBatch(tx, batchId);
  const [message] = await tx
    .delete(outbox)
    .where(and(eq(outbox.id, outboxId), eq(outbox.batchId, batchId)))
    .returning({ id: outbox.id });
  if (message === undefined) return 'already-done';
  await deleteStaged(tx, batchId);
  // The queue had it, even when neither `markSent` nor `begin` could say so.
  await markQueued(tx, [batchId]);
  const [batch] = await tx
    .update(batches)
    .set({ status: 'QUARANTINED', reason, filesDone: null, filesTotal: null, finishedAt: sql`now()` })
    .where(and(eq(batches.id, batchId), inArray(batches.status, [...IN_THE_QUEUE])))
    .returning({ id: batches.id });
  if (batch === undefined) return 'already-done';
  await planActions(tx, batchId, 'onFailed');
  await planEvent(tx, batchId, 'onError');
  return 'failed';
}

async function hold(tx: Queries, { batchId, outboxId }: OwnJob, why: Hold): Promise<'held' | 'already-done'> {
  await lockBatch(tx, batchId);
  const [message] = await tx
    .delete(outbox)
    .where(and(eq(outbox.id, outboxId), eq(outbox.batchId, batchId)))
    .returning({ id: outbox.id });
  if (message === undefined) return 'already-done';
  const [batch] = await tx
    .update(batches)
    .set({ status: 'HELD', ...why, filesDone: null, filesTotal: null })
    .where(and(eq(batches.id, batchId), inArray(batches.status, [...statusesBefore('HELD')])))
    .returning({ id: batches.id });
  if (batch === undefined) return 'already-done';
  await planEvent(tx, batchId, 'onHeld');
  return 'held';
}
