import { and, eq, inArray, isNotNull } from 'drizzle-orm';
import type { Queries } from './connection.ts';
import { dropActions } from './plan-actions.ts';
import { batches, outbox } from './schema.ts';

/** What a batch is again when it goes to the queue once more. */
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
  await tx.delete(outbox).where(inArray(outbox.batchId, [...batchIds]));
  await dropActions(tx, batchIds);
  await tx.insert(outbox).values(batchIds.map((batchId) => ({ batchId })));
}

/** The files that a held batch waits for are back: HELD → NEW with a new message. False when it waits for none. */
export async function reopenMissing(tx: Queries, batchId: number): Promise<boolean> {
  const [batch] = await tx
    .update(batches)
    .set({ ...AGAIN, vanishedAt: null })
    .where(and(eq(batches.id, batchId), eq(batches.status, 'HELD'), isNotNull(batches.missingSince)))
    .returning({ id: batches.id });
  if (batch === undefined) return false;
  await sendAgain(tx, [batch.id]);
  return true;
}
