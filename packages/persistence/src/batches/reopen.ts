import type { UnreadableBatch } from '@sendit/model';
import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { toCurrentAbsolute } from './current-path.ts';
import { dropActions } from '../actions/plan-actions.ts';
import { batches, outbox } from '../schema/schema.ts';

/** Column values of a batch that goes to the queue once more. */
export const AGAIN = {
  status: 'NEW',
  reason: null,
  missingSince: null,
  unreadableSince: null,
  startedAt: null,
  finishedAt: null,
  filesDone: null,
  filesTotal: null,
} as const;

/** Gives batches new messages. One that was held before it was read may still have its first: that one's job must find nothing to do. */
export async function sendAgain(tx: Queries, batchIds: readonly number[]): Promise<void> {
  await dropActions(tx, batchIds);
  // Those of events stay.
  await tx.delete(outbox).where(and(inArray(outbox.batchId, [...batchIds]), isNull(outbox.actionId)));
  await tx.insert(outbox).values(batchIds.map((batchId) => ({ batchId })));
}

/** The files that a held batch waits for are back: HELD → NEW with a new message. False when it waits for none. */
export async function reopenMissing(tx: Queries, batchId: number): Promise<boolean> {
  const [batch] = await tx
    .update(batches)
    .set({ ...AGAIN, vanishedAt: null, acknowledged: null })
    .where(and(eq(batches.id, batchId), eq(batches.status, 'HELD'), isNotNull(batches.missingSince)))
    .returning({ id: batches.id });
  if (batch === undefined) return false;
  await sendAgain(tx, [batch.id]);
  return true;
}

/** Most of them that are tried at once. */
const TRIED = 100;

const isUnreadable = and(eq(batches.status, 'HELD'), isNotNull(batches.unreadableSince));

/**
 * Those of a root that are to be tried now, the longest held first: at once after the first time, and after 1, 3, 7, … 63 minutes when they
 * were queued again by themselves and held again.
 */
export async function listUnreadable(db: Queries, rootId: number): Promise<readonly UnreadableBatch[]> {
  const waits = sql`make_interval(mins => (2 ^ least(${batches.readRetries}, 6) - 1)::integer)`;
  const rows = await db
    .select({
      id: batches.id,
      name: batches.name,
      path: batches.path,
      relativePath: batches.relativePath,
      renamedTo: batches.renamedTo,
    })
    .from(batches)
    .where(and(eq(batches.rootId, rootId), isUnreadable, sql`${batches.unreadableSince} + ${waits} <= now()`))
    .orderBy(asc(batches.unreadableSince))
    .limit(TRIED);
  return rows.map((row) => ({ batchId: String(row.id), name: row.name, path: toCurrentAbsolute(row) }));
}

/** The files that a held batch waits for can be read: HELD → NEW with a new message. False when it does not wait for that. */
export async function reopenUnreadable(tx: Queries, batchId: number): Promise<boolean> {
  const [batch] = await tx
    .update(batches)
    .set({ ...AGAIN, readRetries: sql`${batches.readRetries} + 1` })
    .where(and(eq(batches.id, batchId), isUnreadable))
    .returning({ id: batches.id });
  if (batch === undefined) return false;
  await sendAgain(tx, [batch.id]);
  return true;
}
