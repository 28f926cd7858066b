import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { actions, batches } from '../schema/schema.ts';

/**
 * In SQL: what stands about a batch as a problem, as a text; empty for nothing. One that is tried by itself and held for unreadable files
 * again is as it was; whoever queues it again forgets what was acknowledged.
 */
const standing: SQL<string> = sql`concat_ws('|',
  case when ${batches.status} = 'HELD' and ${batches.missingSince} is not null then 'missing' end,
  case when ${batches.status} = 'HELD' and ${batches.unreadableSince} is not null then 'unreadable' end,
  case when ${batches.status} = 'HELD' and ${batches.missingSince} is null and ${batches.unreadableSince} is null then 'held' end,
  case when ${batches.status} = 'ERROR' then 'error' end,
  case when ${batches.status} = 'QUARANTINED' then 'quarantined' end,
  case when exists (select 1 from ${actions} where ${actions.batchId} = ${batches.id} and ${actions.state} = 'failed') then 'actions' end,
  case when ${batches.vanishedAt} is null then ${batches.ignoredDigest} end)`;

/** In SQL: no person has acknowledged what stands. */
export const isUnseen: SQL = sql`${batches.acknowledged} is distinct from ${standing}`;

/** In SQL: nothing stands, or a person has acknowledged it. */
export const isSettled: SQL = sql`(${standing} = '' or ${batches.acknowledged} = ${standing})`;

/** Takes what stands about a batch off the list of problems; false when nothing does. */
export async function acknowledgeBatch(tx: Queries, id: number): Promise<boolean> {
  const rows = await tx
    .update(batches)
    .set({ acknowledged: standing })
    .where(and(eq(batches.id, id), sql`${standing} <> ''`))
    .returning({ id: batches.id });
  return rows.length > 0;
}
