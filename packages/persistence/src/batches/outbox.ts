import type { OutboxRow } from '@sendit/model';
import { and, asc, count, eq, gt, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import type { Connection, Queries } from '../engine/connection.ts';
import { one, rowId, toOutboxId } from '../schema/rows.ts';
import { batches, outbox } from '../schema/schema.ts';

/** Which messages to take, and for how long. */
export interface ClaimOptions {
  readonly limit: number;
  readonly leaseMs: number;
  /** Actions of batches of this root; without it, imports. */
  readonly handOnOf?: string | undefined;
  /** Steps of all batches, in place of imports. */
  readonly steps?: boolean;
}

/** How messages were sent. */
export interface SentOptions {
  readonly resendAfterMs: number;
  /** Of those that were sent in a job with others, that job. */
  readonly groups?: ReadonlyMap<string, string>;
}

/** Messages to the queue that are not yet known to have had their effect. */
export interface OutboxStore {
  /**
   * Takes messages that are due, oldest first, and puts them off by `leaseMs`: two relays never have the same one within a
   * lease, and one whose relay died is due again after it.
   */
  claim(options: ClaimOptions): Promise<readonly OutboxRow[]>;
  /** Notes that the queue has them, and their batches NEW → QUEUE; due again after `resendAfterMs`, in case the queue forgets. */
  markSent(ids: readonly string[], options: SentOptions): Promise<void>;
  /** Messages whose effect is still to come. */
  count(): Promise<number>;
}

/** The outbox of a database. */
export function toOutboxStore(connection: Connection): OutboxStore {
  return {
    claim: (options) => connection.run((db) => claim(db, options)),
    markSent: async (ids, { groups, resendAfterMs }) => {
      const own = ids.flatMap((id) => (toOutboxId(id) === undefined ? [] : { id, groupId: groups?.get(id) ?? null }));
      // Where a crash undoes it they are due again, and their jobs are there.
      if (own.length > 0) await connection.run((db) => markSent(db, own, resendAfterMs));
    },
    count: () => connection.run(async (db) => one(await db.select({ rows: count() }).from(outbox)).rows),
  };
}

/** Longer than any import is postponed: a row due later was written before the database's clock was set back. */
const FAR_MS = 15 * 60_000;

function inMs(ms: number): SQL {
  return sql`now() + ${ms} * interval '1 millisecond'`;
}

/** SQL for the messages that are asked for and due. */
function isInLane({ handOnOf, steps = false }: ClaimOptions): SQL | undefined {
  const isDue = lte(outbox.dueAt, sql`now()`);
  if (steps) return and(eq(outbox.kind, 'step'), isDue);
  if (handOnOf !== undefined) return and(eq(outbox.kind, 'hand-on'), eq(outbox.rootId, rowId(handOnOf)), isDue);
  return and(eq(outbox.kind, 'import-dicomdir'), isNull(outbox.rootId), or(isDue, gt(outbox.dueAt, inMs(FAR_MS))));
}

async function claim(db: Queries, options: ClaimOptions): Promise<readonly OutboxRow[]> {
  const { leaseMs, limit } = options;
  // A CTE, because a subquery with `limit … for update` may be run more than once and then takes more than the limit.
  const due = db.$with('due').as(
    db
      .select({ id: outbox.id, ofBatch: sql<number>`${outbox.batchId}`.as('of_batch') })
      .from(outbox)
      .where(isInLane(options))
      .orderBy(asc(outbox.isFound), asc(outbox.dueAt))
      .limit(limit)
      .for('update', { skipLocked: true }),
  );
  const rows = await db
    .with(due)
    .update(outbox)
    .set({ dueAt: inMs(leaseMs) })
    .from(due)
    .innerJoin(batches, eq(batches.id, due.ofBatch))
    .where(eq(outbox.id, due.id))
    .returning({
      id: outbox.id,
      kind: outbox.kind,
      batchId: outbox.batchId,
      createdAt: outbox.createdAt,
      sentAt: outbox.sentAt,
      groupId: outbox.groupId,
      isFound: outbox.isFound,
      files: batches.files,
    });
  return rows
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.batchId - b.batchId)
    .map(({ batchId, files, groupId, id, isFound, kind, sentAt }) => ({
      id,
      kind,
      batchId: String(batchId),
      ...(groupId !== null && { groupId }),
      ...(sentAt === null && { freshFiles: files }),
      ...(isFound && { isFound }),
    }));
}

/** One statement; batches are locked before their messages, as everywhere, in the order of their ids. */
async function markSent(
  db: Queries,
  sent: readonly { readonly id: string; readonly groupId: string | null }[],
  resendAfterMs: number,
): Promise<void> {
  const ids = toArray(sent.map(({ id }) => id));
  const groups = toArray(sent.map(({ groupId }) => groupId ?? 'null'));
  await db.execute(sql`with held as materialized (
      select id from ${batches} where status = 'NEW' and id in (
        select batch_id from ${outbox} as message where message.id = any(${ids}::uuid[]) and message.kind = 'import-dicomdir'
      ) order by id for update
    ), queued as (
      update ${batches} as one set status = 'QUEUE' from held where one.id = held.id returning one.id
    )
    update ${outbox} as message set sent_at = now(), due_at = ${inMs(resendAfterMs)}, group_id = coalesce(item.group_id, message.group_id)
    from unnest(${ids}::uuid[], ${groups}::uuid[]) as item(id, group_id)
    where message.id = item.id and (select count(*) from queued) >= 0`);
}

function toArray(words: readonly string[]): string {
  return `{${words.join()}}`;
}
