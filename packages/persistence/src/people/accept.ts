import { type AcceptRefusal, type BatchStatus, statusesBefore } from '@sendit/model';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { dropActions, planActions } from '../actions/plan-actions.ts';
import { queueAgain } from '../batches/retry.ts';
import { actions, batches } from '../schema/schema.ts';

type BatchRow = typeof batches.$inferSelect;

/** Result of an acceptance: the batch's new status, or why it is refused. */
export type AcceptOutcome =
  | { readonly kind: 'accepted'; readonly to: BatchStatus }
  | { readonly kind: 'refused'; readonly why: AcceptRefusal };

/**
 * Lets a batch through as it is, within the caller's transaction, which has its row locked:
 *
 * ERROR                        DONE with the rows that are written, and what follows DONE is planned
 * HELD, files cannot be read   NEW with a new message: it is imported without what the system still refuses
 * anything else                refused
 */
export async function acceptBatch(tx: Queries, batch: BatchRow): Promise<AcceptOutcome> {
  const why = await refuse(tx, batch);
  if (why !== undefined) return { kind: 'refused', why };
  const accepted = { acceptedAt: sql`now()` };
  if (batch.status === 'HELD') {
    await tx.update(batches).set(accepted).where(eq(batches.id, batch.id));
    await queueAgain(tx, [batch.id]);
    return { kind: 'accepted', to: 'NEW' };
  }
  await tx
    .update(batches)
    .set({ ...accepted, status: 'DONE', reason: null })
    .where(and(eq(batches.id, batch.id), inArray(batches.status, [...statusesBefore('DONE')])));
  await dropActions(tx, [batch.id]);
  await planActions(tx, batch.id, 'onDone');
  return { kind: 'accepted', to: 'DONE' };
}

async function refuse(tx: Queries, batch: BatchRow): Promise<AcceptRefusal | undefined> {
  if (batch.status === 'HELD') {
    if (batch.unreadableSince !== null) return undefined;
    return batch.missingSince === null ? 'held' : 'missing';
  }
  if (batch.status !== 'ERROR') return 'status';
  const after = await tx
    .select({ kind: actions.kind, state: actions.state })
    .from(actions)
    .where(eq(actions.batchId, batch.id));
  if (after.some(({ state }) => state === 'running')) return 'running';
  const isMoved = batch.vanishedAt !== null && after.some(({ kind, state }) => kind === 'move' && state === 'done');
  return isMoved ? 'moved' : undefined;
}
