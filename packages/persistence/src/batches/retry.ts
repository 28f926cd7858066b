import type { RetryOutcome, RetryPage, RetryQuery } from '@sendit/api';
import { statusesBefore } from '@sendit/model';
import { and, asc, eq, gt, inArray, isNull, not, type SQL, sql } from 'drizzle-orm';
import { appendRetries } from '../people/audit.ts';
import { resolveBatch } from './batch-refs.ts';
import type { Queries } from '../engine/connection.ts';
import { hasRunningAction } from '../actions/plan-actions.ts';
import { AGAIN, sendAgain } from './reopen.ts';
import { rowId } from '../schema/rows.ts';
import { batches, roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** Queues one batch again, within the caller's transaction; see `BatchStore.retry`. */
export async function retryBatch(tx: Queries, ref: string, by?: string): Promise<RetryOutcome> {
  const found = await resolveBatch(tx, ref);
  if (found === undefined) return { kind: 'not-found' };
  const [queued] = await queueOnRecord(tx, [found.id], by);
  if (queued === undefined) return { kind: 'refused', status: found.status };
  return { kind: 'queued', batchId: String(queued) };
}

/** Queues one page of batches again, within the caller's transaction; see `BatchStore.retryMany`. */
export async function retryBatches(tx: Queries, query: RetryQuery): Promise<RetryPage> {
  const rows = await tx
    .select({ id: batches.id })
    .from(batches)
    .where(toCondition(tx, query))
    .orderBy(asc(batches.id))
    .limit(query.limit);
  const ids = rows.map(({ id }) => id);
  const queued = query.dryRun ? ids : await queueOnRecord(tx, ids, query.by);
  const last = ids.length < query.limit ? undefined : ids.at(-1);
  return { batchIds: queued.map(String), next: last === undefined ? null : String(last) };
}

/** {@link queueAgain}, each with an audit record. */
async function queueOnRecord(tx: Queries, ids: readonly number[], by: string | undefined): Promise<readonly number[]> {
  if (ids.length === 0) return [];
  const { id, rootId, relativePath, status, reason } = batches;
  const before = await tx
    .select({ id, rootId, relativePath, status, reason })
    .from(batches)
    .where(inArray(id, [...ids]))
    .orderBy(asc(id))
    .for('update');
  const queued = new Set(await queueAgain(tx, ids));
  await appendRetries(
    tx,
    before.filter((row) => queued.has(row.id)),
    by,
  );
  return [...queued];
}

function toCondition(tx: Queries, { statuses, root, since, after }: RetryQuery): SQL | undefined {
  const wanted = statusesBefore('NEW').filter((status) => statuses.includes(status));
  const named = root === undefined ? undefined : eq(roots.name, toStoredText(root));
  return and(
    wanted.length === 0 ? sql`false` : inArray(batches.status, wanted),
    isNull(batches.prunedAt),
    named && inArray(batches.rootId, tx.select({ id: roots.id }).from(roots).where(named)),
    // One that is held has not ended: it counts from when it came.
    since === undefined
      ? undefined
      : sql`coalesce(${batches.finishedAt}, ${batches.createdAt}) >= ${since}::timestamptz`,
    after === undefined ? undefined : gt(batches.id, rowId(after)),
  );
}

/** Moves those batches → NEW that may go there, each with a new message, within the caller's transaction; gives their ids, in order. */
export async function queueAgain(tx: Queries, ids: readonly number[]): Promise<readonly number[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .update(batches)
    .set({
      ...AGAIN,
      readRetries: 0,
      acknowledged: null,
      // No image was in it: what has come since is the next generation, whatever the policy says.
      amendSince: sql`case when ${batches.status} = 'EMPTY' then now() else ${batches.amendSince} end`,
      acceptsMissing: sql`${batches.acceptsMissing} or ${batches.missingSince} is not null`,
    })
    .where(
      and(
        inArray(batches.id, [...ids]),
        inArray(batches.status, [...statusesBefore('NEW')]),
        // There is no list of its files any more.
        isNull(batches.prunedAt),
        // Its files are on their way elsewhere: what would be read is neither here nor there.
        not(hasRunningAction(tx)),
      ),
    )
    .returning({ id: batches.id });
  const moved = rows.map(({ id }) => id).toSorted((a, b) => a - b);
  if (moved.length === 0) return [];
  await sendAgain(tx, moved);
  return moved;
}
