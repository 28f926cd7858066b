import type { ActionQuery, ActionRetry, ActionSummary, Page } from '@sendit/api';
import type { ActionCounts } from '@sendit/model';
import { and, count, eq, inArray, ne, sql } from 'drizzle-orm';
import { listActions } from '../views/list-work.ts';
import { toActionCondition } from './action-condition.ts';
import type { Connection, Queries } from '../engine/connection.ts';
import { one, rowId } from '../schema/rows.ts';
import { actions, batches, outbox, roots } from '../schema/schema.ts';

/** Actions as people and programs see them. */
export interface ActionViews {
  /** Newest batch first, in their order within it. */
  list(query: ActionQuery): Promise<Page<ActionSummary>>;
  /** Those that are not done, of all roots or one. */
  counts(rootId?: string): Promise<ActionCounts>;
  /** Steps that are not done and have not failed. */
  openSteps(): Promise<number>;
  /** Failed ones → pending, with all their attempts before them and a message that is due; the number of them. */
  retry(query: ActionRetry): Promise<number>;
}

/** The views of a database. */
export function toActionViews(connection: Connection): ActionViews {
  return {
    list: (query) => connection.run((db) => listActions(db, query)),
    counts: (rootId) => connection.run((db) => countActions(db, rootId)),
    openSteps: () => connection.run(countOpenSteps),
    retry: (query) => connection.transaction((tx) => retryActions(tx, query)),
  };
}

async function countActions(db: Queries, rootId: string | undefined): Promise<ActionCounts> {
  const rows = await db
    .select({ state: actions.state, rows: count() })
    .from(actions)
    .innerJoin(batches, eq(batches.id, actions.batchId))
    .where(and(ne(actions.state, 'done'), rootId === undefined ? undefined : eq(batches.rootId, rowId(rootId))))
    .groupBy(actions.state);
  return { pending: 0, running: 0, failed: 0, ...Object.fromEntries(rows.map((row) => [row.state, row.rows])) };
}

async function countOpenSteps(db: Queries): Promise<number> {
  const isOpen = and(eq(actions.kind, 'step'), inArray(actions.state, ['pending', 'running']));
  return one(await db.select({ rows: count() }).from(actions).where(isOpen)).rows;
}

async function retryActions(tx: Queries, query: ActionRetry): Promise<number> {
  const failed = tx
    .select({ id: actions.id })
    .from(actions)
    .innerJoin(batches, eq(batches.id, actions.batchId))
    .innerJoin(roots, eq(roots.id, batches.rootId))
    .where(await toActionCondition(tx, { ...query, state: 'failed' }));
  const rows = await tx
    .update(actions)
    .set({ state: 'pending', attempts: 0, finishedAt: null })
    .where(and(inArray(actions.id, failed), eq(actions.state, 'failed')))
    .returning({ id: actions.id });
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await tx.insert(outbox).select(
    tx
      .select({
        id: sql`gen_random_uuid()`.as('id'),
        kind: sql`case ${actions.kind} when 'step' then 'step' else 'hand-on' end`.as('kind'),
        batchId: actions.batchId,
        actionId: actions.id,
        rootId: batches.rootId,
        dueAt: sql`now()`.as('due_at'),
        sentAt: sql`null::timestamptz`.as('sent_at'),
        groupId: sql<null>`null::uuid`.as('group_id'),
        isFound: sql<boolean>`false`.as('is_found'),
        createdAt: sql`now()`.as('created_at'),
      })
      .from(actions)
      .innerJoin(batches, eq(batches.id, actions.batchId))
      .where(inArray(actions.id, ids)),
  );
  return rows.length;
}
