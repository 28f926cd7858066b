import type { Page, StageCounts, ThroughputQuery, ThroughputRow } from '@sendit/api';
import { and, gte, inArray, isNotNull, lt, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Queries } from '../engine/connection.ts';
import { batches } from '../schema/schema.ts';
import { isInStage, needsAttention } from './batch-stage.ts';
import { isOfRoot } from './list-batches.ts';

/** Stages of batches alone: of what is not sealed only the watcher knows. */
export type BatchStageCounts = Omit<StageCounts, 'arriving' | 'settling'>;

/** How many batches are in each stage. */
export async function countStages(db: Queries, midnight: Date): Promise<BatchStageCounts> {
  const open = db.$count(batches, isInStage(db, ['handing-on']));
  const failed = db.$count(batches, isInStage(db, ['failed']));
  const late = db.$count(batches, isInStage(db, ['late']));
  const attention = db.$count(batches, needsAttention(db));
  const [byStatus, today] = await Promise.all([countByStatus(db), countToday(db, midnight)]);
  return {
    sealed: byStatus.get('NEW') ?? 0,
    queued: byStatus.get('QUEUE') ?? 0,
    importing: byStatus.get('PROCESSING') ?? 0,
    held: byStatus.get('HELD') ?? 0,
    quarantined: byStatus.get('QUARANTINED') ?? 0,
    failed: await failed,
    handingOn: await open,
    late: await late,
    needsAttention: await attention,
    ...today,
  };
}

async function countByStatus(db: Queries): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .select({ status: batches.status, number: sql`count(*)`.mapWith(Number) })
    .from(batches)
    .where(inArray(batches.status, ['NEW', 'QUEUE', 'PROCESSING', 'HELD', 'QUARANTINED']))
    .groupBy(batches.status);
  return new Map(rows.map(({ number, status }) => [status, number]));
}

async function countToday(db: Queries, midnight: Date): Promise<Pick<StageCounts, 'doneToday' | 'failedToday'>> {
  const [row] = await db
    .select({
      done: sql`count(*) filter (where ${batches.status} in ('DONE', 'EMPTY'))`.mapWith(Number),
      failed: sql`count(*) filter (where ${batches.status} in ('ERROR', 'QUARANTINED'))`.mapWith(Number),
    })
    .from(batches)
    .where(gte(batches.finishedAt, midnight));
  return { doneToday: row?.done ?? 0, failedToday: row?.failed ?? 0 };
}

const HOUR_MS = 3_600_000;

/** Default range of each span. */
const DEFAULT_MS = { hour: 48 * HOUR_MS, day: 30 * 24 * HOUR_MS, week: 26 * 7 * 24 * HOUR_MS } as const;

/** Imports per span of time, oldest first; spans without an import are left out. */
export async function readThroughput(db: Queries, query: ThroughputQuery, now: Date): Promise<Page<ThroughputRow>> {
  const { by = 'hour', limit = 1000 } = query;
  const since = query.since === undefined ? new Date(now.getTime() - DEFAULT_MS[by]) : new Date(query.since);
  const span = sql`date_trunc(${sql.raw(`'${by}'`)}, ${batches.finishedAt} at time zone 'UTC')`;
  const rows = await db
    .select({
      at: sql<string>`to_char(${span}, 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"')`,
      batches: sql`count(*)`.mapWith(Number),
      failed: sql`count(*) filter (where ${batches.status} in ('ERROR', 'QUARANTINED'))`.mapWith(Number),
      studies: total(batches.studies),
      series: total(batches.series),
      instances: total(batches.instances),
      files: total(batches.files),
      bytes: total(batches.bytes),
      sealed: quantiles(sql`${batches.finishedAt} - ${batches.createdAt}`),
      imported: quantiles(sql`${batches.finishedAt} - ${batches.startedAt}`),
    })
    .from(batches)
    .where(
      and(
        isNotNull(batches.finishedAt),
        gte(batches.finishedAt, since),
        query.until === undefined ? undefined : lt(batches.finishedAt, new Date(query.until)),
        query.root === undefined ? undefined : isOfRoot(db, query.root),
      ),
    )
    .groupBy(span)
    .orderBy(span);
  const results = rows.slice(-limit).map(({ imported, sealed, ...row }) => ({
    ...row,
    sealedToImportedMs: toDurations(sealed),
    importMs: toDurations(imported),
  }));
  return { count: results.length, next: null, previous: null, results };
}

function total(column: AnyPgColumn) {
  return sql`coalesce(sum(${column}), 0)`.mapWith(Number);
}

/** As a text: drivers read arrays differently. */
function quantiles(interval: SQL) {
  return sql<
    string | null
  >`array_to_string(percentile_cont(array[0.5, 0.95, 0.99]) within group (order by extract(epoch from ${interval})::float8 * 1000), ',')`;
}

function toDurations(values: string | null): ThroughputRow['importMs'] {
  if (values === null || values === '') return null;
  const [p50, p95, p99] = values.split(',').map((value) => Math.round(Number.parseFloat(value)));
  return p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 };
}
