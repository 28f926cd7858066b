import { BATCH_STAGES, type BatchStage } from '@sendit/api';
import type { BatchStatus } from '@sendit/model';
import { and, eq, inArray, isNotNull, isNull, ne, not, or, type SQL, sql } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import type { Queries } from '../engine/connection.ts';
import { isUnseen } from '../people/acknowledge.ts';
import { actions, batches } from '../schema/schema.ts';

/** SQL for a batch's actions that are not done: `failed` if one failed, else `open`, null if there is none. */
export const openActions: SQL<'failed' | 'open' | null> = sql`(
  select case when bool_or(${actions.state} = 'failed') then 'failed' when count(*) > 0 then 'open' end
  from ${actions} where ${actions.batchId} = ${batches.id} and ${actions.state} <> 'done')`;

/** In SQL: it changed after the seal, and that is not imported. */
export const isLate: SQL | undefined = and(isNotNull(batches.ignoredDigest), isNull(batches.vanishedAt));

const BY_STATUS: Readonly<Partial<Record<BatchStatus, BatchStage>>> = {
  NEW: 'sealed',
  QUEUE: 'queued',
  PROCESSING: 'importing',
  HELD: 'held',
  QUARANTINED: 'quarantined',
  ERROR: 'failed',
};

/** Where a batch is on its way. */
export function toStage(batch: {
  readonly status: BatchStatus;
  readonly open: 'failed' | 'open' | null;
  readonly isLate: boolean;
}): BatchStage {
  if (batch.open === 'failed') return 'failed';
  const byStatus = BY_STATUS[batch.status];
  if (byStatus !== undefined) return byStatus;
  if (batch.open === 'open') return 'handing-on';
  return batch.isLate ? 'late' : 'done';
}

/** In SQL: it is in one of these stages. */
export function isInStage(db: Queries, stages: readonly BatchStage[]): SQL | undefined {
  const hasFailed = hasAction(db, eq(actions.state, 'failed'));
  const hasOpen = hasAction(db, ne(actions.state, 'done'));
  const ended = inArray(batches.status, ['DONE', 'EMPTY']);
  const isIn = (stage: BatchStage): SQL | undefined => {
    const statuses = Object.entries(BY_STATUS).flatMap(([status, one]) =>
      one === stage ? [status as BatchStatus] : [],
    );
    if (stage === 'failed') return or(inArray(batches.status, statuses), hasFailed);
    if (statuses.length > 0) return and(inArray(batches.status, statuses), not(hasFailed));
    if (stage === 'handing-on') return and(ended, hasOpen, not(hasFailed));
    const isChanged = isLate ?? sql`false`;
    return and(ended, not(hasOpen), stage === 'late' ? isChanged : not(isChanged));
  };
  return or(...BATCH_STAGES.filter((stage) => stages.includes(stage)).map(isIn));
}

/** In SQL: a person should look at it, and nobody has acknowledged that. Each cause has an index of its own, which an OR of them would not use. */
export function needsAttention(db: Queries): SQL | undefined {
  const { id, status } = batches;
  const still = db
    .select({ id })
    .from(batches)
    .where(inArray(status, ['ERROR', 'QUARANTINED', 'HELD']));
  const late = db.select({ id }).from(batches).where(isLate);
  const failed = db.select({ id: actions.batchId }).from(actions).where(eq(actions.state, 'failed'));
  return and(inArray(id, union(still, late, failed)), isUnseen);
}

/** By a list of the few batches with such an action, which is made once. */
function hasAction(db: Queries, which: SQL): SQL {
  return inArray(batches.id, db.select({ id: actions.batchId }).from(actions).where(which));
}
