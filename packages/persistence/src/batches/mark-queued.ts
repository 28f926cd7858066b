import { and, eq, inArray } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { batches } from '../schema/schema.ts';

/** NEW → QUEUE, within the caller's transaction. */
export async function markQueued(db: Queries, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .update(batches)
    .set({ status: 'QUEUE' })
    .where(and(inArray(batches.id, [...ids]), eq(batches.status, 'NEW')));
}
