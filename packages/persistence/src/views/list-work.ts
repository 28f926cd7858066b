import type { ActionQuery, ActionSummary, JobQuery, JobRow, Page } from '@sendit/api';
import { and, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { toActionCondition } from '../actions/action-condition.ts';
import { toActionSummary } from '../actions/action-rows.ts';
import type { Queries } from '../engine/connection.ts';
import { actions, batches, outbox, roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';
import { readPage } from './keyset.ts';

/** Actions, newest batch first, in their order within it. */
export async function listActions(db: Queries, query: ActionQuery): Promise<Page<ActionSummary>> {
  const which = await toActionCondition(db, query);
  return await readPage<{ readonly action: typeof actions.$inferSelect; readonly root: string }, ActionSummary>(query, {
    name: 'actions',
    keys: [
      { column: actions.batchId, order: 'desc', type: 'bigint' },
      { column: actions.position, order: 'asc', type: 'bigint' },
    ],
    keyOf: ({ action }) => [action.batchId, action.position],
    select: async ({ where, orderBy, limit }) =>
      await db
        .select({ action: actions, root: roots.name })
        .from(actions)
        .innerJoin(batches, eq(batches.id, actions.batchId))
        .innerJoin(roots, eq(roots.id, batches.rootId))
        .where(and(which, where))
        .orderBy(...orderBy)
        .limit(limit),
    count: async () =>
      await db.$count(
        db
          .select({ id: actions.id })
          .from(actions)
          .innerJoin(batches, eq(batches.id, actions.batchId))
          .innerJoin(roots, eq(roots.id, batches.rootId))
          .where(which)
          .as('found'),
      ),
    toItem: ({ action, root }) => toActionSummary(action, root),
  });
}

/**
 * Open work: every message of the outbox, and every action that has failed for good. A failed import is a batch that a
 * person must look at, not a job.
 */
export async function listJobs(db: Queries, query: JobQuery): Promise<Page<JobRow>> {
  const jobs = unionAll(selectQueued(db), selectFailed(db)).as('jobs');
  const which = and(
    query.state === undefined ? undefined : eq(jobs.state, query.state),
    query.kind === undefined ? undefined : eq(jobs.kind, query.kind),
    query.root === undefined ? undefined : eq(jobs.root, toStoredText(query.root)),
  );
  const select = () => db.select().from(jobs);
  return await readPage<Awaited<ReturnType<typeof select>>[number], JobRow>(query, {
    name: 'jobs',
    keys: [
      { column: sql`${jobs.batchId}`, order: 'asc', type: 'bigint' },
      { column: sql`${jobs.id}`, order: 'asc', type: 'text' },
    ],
    keyOf: ({ batchId, id }) => [batchId, id],
    select: async ({ where, orderBy, limit }) =>
      await select()
        .where(and(which, where))
        .orderBy(...orderBy)
        .limit(limit),
    count: async () => await db.$count(select().where(which).as('found')),
    toItem: (row) => ({
      ...row,
      batchId: String(row.batchId),
      createdAt: row.createdAt.toISOString(),
      dueAt: row.dueAt?.toISOString() ?? null,
    }),
  });
}

const ABOUT_BATCH = {
  batchId: sql`${batches.id}`.mapWith(batches.id).as('job_batch_id'),
  batchStatus: batches.status,
  root: sql<string>`${roots.name}`.as('root'),
};

function selectQueued(db: Queries) {
  return (
    db
      .select({
        id: sql<string>`${outbox.id}::text`.as('id'),
        kind: sql<JobRow['kind']>`case when ${actions.id} is null then 'import' else 'hand-on' end`.as('kind'),
        state: sql<JobRow['state']>`case
        when ${actions.state} = 'running' or (${actions.id} is null and ${batches.status} = 'PROCESSING') then 'active'
        when ${actions.id} is not null and ${outbox.dueAt} > now() and ${outbox.sentAt} is null then 'delayed'
        else 'waiting' end`.as('state'),
        ...ABOUT_BATCH,
        action: sql<string | null>`${actions.name}`.as('action'),
        attempts: sql<number>`coalesce(${actions.attempts}, ${batches.attempts})`.as('attempts'),
        reason: sql<
          string | null
        >`case when ${actions.id} is null then ${batches.reason} else ${actions.reason} end`.as('reason'),
        createdAt: outbox.createdAt,
        dueAt: outbox.dueAt,
      })
      .from(outbox)
      .innerJoin(batches, eq(batches.id, outbox.batchId))
      .innerJoin(roots, eq(roots.id, batches.rootId))
      .leftJoin(actions, eq(actions.id, outbox.actionId))
      // The message of a batch that is held meanwhile is still there, and nobody's work.
      .where(or(isNotNull(actions.id), inArray(batches.status, ['NEW', 'QUEUE', 'PROCESSING'])))
  );
}

function selectFailed(db: Queries) {
  return db
    .select({
      id: sql<string>`${actions.id}::text`.as('id'),
      kind: sql<JobRow['kind']>`'hand-on'`.as('kind'),
      state: sql<JobRow['state']>`'failed'`.as('state'),
      ...ABOUT_BATCH,
      action: sql<string | null>`${actions.name}`.as('action'),
      attempts: sql<number>`${actions.attempts}`.as('attempts'),
      reason: sql<string | null>`${actions.reason}`.as('reason'),
      createdAt: batches.createdAt,
      dueAt: sql<Date | null>`null::timestamptz`.mapWith(outbox.dueAt).as('due_at'),
    })
    .from(actions)
    .innerJoin(batches, eq(batches.id, actions.batchId))
    .innerJoin(roots, eq(roots.id, batches.rootId))
    .where(eq(actions.state, 'failed'));
}
