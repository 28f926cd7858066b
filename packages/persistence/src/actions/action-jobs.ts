import type { ActionAttempt, ActionJob, ActionProgress, ManifestFile } from '@sendit/model';
import { and, asc, eq, exists, inArray, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { isOfEvent } from './plan-actions.ts';
import { readActionFiles } from './action-files.ts';
import { showBatch } from '../views/show-batch.ts';
import type { Connection, Queries } from '../engine/connection.ts';
import { type RecordedDigest, readRecorded } from '../batches/touched-files.ts';
import { toCurrentAbsolute } from '../batches/current-path.ts';
import { one, rowId, toOwnJob } from '../schema/rows.ts';
import { actions, batches, outbox } from '../schema/schema.ts';
import { toStoredInteger, toStoredText } from '../schema/stored-text.ts';

/** How an attempt ended. */
export interface AttemptEnd {
  /** Exit code or HTTP status. */
  readonly code: number | null;
  readonly reason: string;
}

/**
 * Database side of an action's attempt, from start to end. Each call may be repeated. The message is the attempt's
 * fencing token: a caller that finds it gone changes nothing.
 */
export interface ActionStore {
  /** → running, one attempt more. Jobs that are not of this database, or were done, are settled. */
  begin(
    job: ActionJob,
  ): Promise<{ readonly kind: 'action'; readonly attempt: ActionAttempt } | { readonly kind: 'settled' }>;
  /** The sealed files of a batch that an action may place, as `BatchStore.manifest` gives them: without those that are quarantined. */
  files(batchId: string): AsyncIterable<readonly ManifestFile[]>;
  /** The digest that the import of a batch kept of a file, and its kind, as far as it can be made again. */
  digest(batchId: string, path: string): Promise<RecordedDigest | undefined>;
  /** Notes for good that every file of a move is at its target; false when another run has ended the action. */
  placed(job: ActionJob): Promise<boolean>;
  /** Notes how far a step has come, for people to see. */
  progress(job: ActionJob, progress: ActionProgress): Promise<void>;
  /** → done, its message deleted and the next action's made due, in one transaction. */
  done(job: ActionJob, end: { readonly code: number | null }): Promise<'done' | 'already-done'>;
  /** After an attempt that failed: → pending, with a new message that is due after a while. */
  postpone(job: ActionJob, end: AttemptEnd & { readonly afterMs: number }): Promise<void>;
  /** After the last attempt: → failed, its message deleted; the actions after it wait. */
  fail(job: ActionJob, end: AttemptEnd): Promise<'failed' | 'already-done'>;
  /** An attempt that was interrupted does not count: → pending, its message stays. */
  release(job: ActionJob): Promise<void>;
}

/** The actions of a database. */
export function toActionStore(connection: Connection): ActionStore {
  const inOne = async <T>(job: ActionJob, absent: T, work: (tx: Queries, own: OwnJob) => Promise<T>): Promise<T> => {
    const own = toOwnJob(job);
    return own === undefined ? absent : connection.transaction((tx) => work(tx, own));
  };
  return {
    files: (batchId) => readActionFiles(connection, rowId(batchId)),
    digest: async (batchId, path) => {
      const recorded = await connection.run((db) => readRecorded(db, rowId(batchId), [{ path }]));
      return recorded.get(toStoredText(path));
    },
    begin: (job) => inOne(job, { kind: 'settled' }, begin),
    placed: (job) => inOne(job, false, placed),
    progress: (job, told) => inOne(job, undefined, (tx, own) => progress(tx, own, told)),
    done: (job, { code }) => inOne(job, 'already-done', (tx, own) => done(tx, own, code)),
    postpone: (job, end) => inOne(job, undefined, (tx, own) => postpone(tx, own, end)),
    fail: (job, end) => inOne(job, 'already-done', (tx, own) => fail(tx, own, end)),
    release: (job) => inOne(job, undefined, release),
  };
}

type OwnJob = NonNullable<ReturnType<typeof toOwnJob>>;

function messageOf({ batchId, outboxId }: OwnJob): SQL | undefined {
  return and(eq(outbox.id, outboxId), eq(outbox.batchId, batchId), ne(outbox.kind, 'import-dicomdir'));
}

async function begin(tx: Queries, own: OwnJob): ReturnType<ActionStore['begin']> {
  const [action] = await tx
    .update(actions)
    .set({
      state: 'running',
      attempts: sql`${actions.attempts} + 1`,
      startedAt: sql`now()`,
      finishedAt: null,
      progress: null,
    })
    .where(and(eq(actions.batchId, own.batchId), inArray(actions.state, ['pending', 'running']), hasMessage(tx, own)))
    .returning();
  if (action === undefined) {
    await tx.delete(outbox).where(messageOf(own));
    return { kind: 'settled' };
  }
  const batch = await showBatch(tx, String(own.batchId));
  if (batch === undefined) throw new TypeError('Expected the batch of an action');
  const row = one(await tx.select().from(batches).where(eq(batches.id, own.batchId)));
  const { id, name, kind, attempts } = action;
  // Of the target: a batch of another directory may have had the path that this one was renamed to.
  const place = { relativePath: row.relativePath, unit: row.unit };
  const attempt = { id, name, kind, attempt: attempts, status: batch.status, isPlaced: action.placedAt !== null };
  return { kind: 'action', attempt: { ...attempt, ...place, batch: { ...batch, path: toCurrentAbsolute(row) } } };
}

/** In SQL: whether the message of a job is still there, and of this very action. */
function hasMessage(tx: Queries, own: OwnJob): SQL {
  const message = tx
    .select({ one: sql`1` })
    .from(outbox)
    .where(and(messageOf(own), eq(outbox.actionId, actions.id)));
  return exists(message);
}

async function placed(tx: Queries, own: OwnJob): Promise<boolean> {
  const rows = await tx
    .update(actions)
    .set({ placedAt: sql`now()` })
    .where(and(eq(actions.batchId, own.batchId), hasMessage(tx, own)))
    .returning({ id: actions.id });
  return rows.length > 0;
}

async function progress(tx: Queries, own: OwnJob, told: ActionProgress): Promise<void> {
  await tx
    .update(actions)
    .set({ progress: told })
    .where(and(eq(actions.batchId, own.batchId), eq(actions.state, 'running'), hasMessage(tx, own)));
}

/** Takes the message away; the id of its action, undefined when another run had done so. */
async function take(tx: Queries, own: OwnJob): Promise<string | undefined> {
  const [message] = await tx.delete(outbox).where(messageOf(own)).returning({ actionId: outbox.actionId });
  return message?.actionId ?? undefined;
}

async function done(tx: Queries, own: OwnJob, code: number | null): Promise<'done' | 'already-done'> {
  const id = await take(tx, own);
  if (id === undefined) return 'already-done';
  const [action] = await tx
    .update(actions)
    .set({ state: 'done', reason: null, code: toStoredInteger(code), finishedAt: sql`now()` })
    .where(eq(actions.id, id))
    .returning({ position: actions.position, kind: actions.kind });
  // The directory is empty, or holds only what came later: then that is the next generation.
  if (action?.kind === 'move') {
    await tx.update(batches).set({ vanishedAt: sql`now()` }).where(eq(batches.id, own.batchId));
  }
  if (action !== undefined && isOfEvent(action)) return 'done';
  const next = tx
    .select({ id: outbox.id })
    .from(outbox)
    .innerJoin(actions, eq(actions.id, outbox.actionId))
    .where(and(eq(outbox.batchId, own.batchId), isNull(outbox.dueAt)))
    .orderBy(asc(actions.position))
    .limit(1);
  await tx.update(outbox).set({ dueAt: sql`now()` }).where(inArray(outbox.id, next));
  return 'done';
}

async function postpone(tx: Queries, own: OwnJob, end: AttemptEnd & { readonly afterMs: number }): Promise<void> {
  const [message] = await tx.delete(outbox).where(messageOf(own)).returning();
  if (message === undefined) return;
  const { actionId, batchId, kind, rootId } = message;
  await tx
    .update(actions)
    .set({ state: 'pending', ...toStored(end) })
    .where(eq(actions.id, actionId ?? ''));
  // A new one, so that neither the queue's copy of the old nor its mark as sent decides when this is due.
  const dueAt = sql`now() + ${Math.ceil(end.afterMs)} * interval '1 millisecond'`;
  await tx.insert(outbox).values({ kind, batchId, actionId, rootId, dueAt });
}

async function fail(tx: Queries, own: OwnJob, end: AttemptEnd): Promise<'failed' | 'already-done'> {
  const id = await take(tx, own);
  if (id === undefined) return 'already-done';
  await tx
    .update(actions)
    .set({ state: 'failed', ...toStored(end), finishedAt: sql`now()` })
    .where(eq(actions.id, id));
  return 'failed';
}

async function release(tx: Queries, own: OwnJob): Promise<void> {
  await tx
    .update(actions)
    .set({ state: 'pending', attempts: sql`greatest(${actions.attempts} - 1, 0)` })
    .where(and(eq(actions.batchId, own.batchId), eq(actions.state, 'running'), hasMessage(tx, own)));
}

function toStored({ code, reason }: AttemptEnd): { readonly code: number | null; readonly reason: string } {
  return { code: toStoredInteger(code), reason: toStoredText(reason) };
}
