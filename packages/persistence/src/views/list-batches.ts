import type { BatchQuery, BatchSort, BatchSummary, Page } from '@sendit/api';
import { toRatedProgress } from '@sendit/model';
import { and, eq, gte, inArray, like, lt, type SQL, sql } from 'drizzle-orm';
import { batchesOfUid } from '../batches/batch-refs.ts';
import { toCurrentAbsolute } from '../batches/current-path.ts';
import type { Queries } from '../engine/connection.ts';
import { rowId } from '../schema/rows.ts';
import { batches, roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';
import { isInStage, isLate, needsAttention, openActions, toStage } from './batch-stage.ts';
import { type Key, readPage } from './keyset.ts';

type BatchRow = typeof batches.$inferSelect;

/** One batch with what its summary needs beside its own row. */
export interface SummaryRow {
  readonly batch: BatchRow;
  readonly root: string;
  readonly open: 'failed' | 'open' | null;
}

/** Columns of a {@link SummaryRow}. */
export const SUMMARY = { batch: batches, root: roots.name, open: openActions.as('open_actions') };

type SortField = BatchSort extends `-${infer Field}` | infer _Rest ? Field : never;

interface Sort {
  readonly key: Omit<Key, 'order'> | undefined;
  readonly valueOf: (batch: BatchRow) => string | number;
}

const ended = sql`date_trunc('milliseconds', coalesce(${batches.finishedAt}, ${batches.createdAt}))`;

/** Batches are numbered as they are sealed: their id is when they were created. */
const SORTS: Readonly<Record<SortField, Sort>> = {
  createdAt: { key: undefined, valueOf: ({ id }) => id },
  finishedAt: {
    key: { column: ended, type: 'timestamptz' },
    valueOf: ({ createdAt, finishedAt }) => (finishedAt ?? createdAt).toISOString(),
  },
  name: { key: { column: batches.name, type: 'text' }, valueOf: ({ name }) => name },
  files: { key: { column: batches.files, type: 'bigint' }, valueOf: ({ files }) => files },
  bytes: { key: { column: batches.bytes, type: 'bigint' }, valueOf: ({ bytes }) => bytes },
  instances: { key: { column: batches.instances, type: 'bigint' }, valueOf: ({ instances }) => instances },
  findings: { key: { column: batches.findings, type: 'bigint' }, valueOf: ({ findings }) => findings },
};

/** One page of batches with their counts, newest first by default. */
export async function listBatches(db: Queries, query: BatchQuery): Promise<Page<BatchSummary>> {
  const which = toCondition(db, query);
  const { sort: name = '-createdAt' } = query;
  const sort = SORTS[name.replace('-', '') as SortField];
  const order = name.startsWith('-') ? 'desc' : 'asc';
  const id: Key = { column: batches.id, type: 'bigint', order };
  return await readPage<SummaryRow, BatchSummary>(query, {
    name: `batches ${name}`,
    keys: sort.key === undefined ? [id] : [{ ...sort.key, order }, id],
    keyOf: ({ batch }) => (sort.key === undefined ? [batch.id] : [sort.valueOf(batch), batch.id]),
    select: async ({ where, orderBy, limit }) => {
      // First which they are: to sort a hundred thousand whole rows takes several times as long.
      const ids = db
        .select({ id: batches.id })
        .from(batches)
        .where(and(which, where))
        .orderBy(...orderBy)
        .limit(limit)
        .offset(query.cursor === undefined ? (query.offset ?? 0) : 0);
      return await db
        .select(SUMMARY)
        .from(batches)
        .innerJoin(roots, eq(roots.id, batches.rootId))
        .where(inArray(batches.id, ids))
        .orderBy(...orderBy);
    },
    count: () => db.$count(batches, which),
    toItem: toSummary,
  });
}

/** A summary of a row. */
export function toSummary({ batch, open, root }: SummaryRow): BatchSummary {
  const { filesDone, filesTotal, bytesDone, progressMs } = batch;
  const isReading = batch.status === 'PROCESSING' && filesDone !== null && filesTotal !== null;
  const isChanged = batch.ignoredDigest !== null && batch.vanishedAt === null;
  return {
    id: String(batch.id),
    root,
    path: batch.path,
    renamedTo: batch.renamedTo === null ? null : toCurrentAbsolute(batch),
    name: batch.name,
    status: batch.status,
    stage: toStage({ status: batch.status, open, isLate: isChanged }),
    unit: batch.unit,
    grade: batch.grade,
    files: batch.files,
    bytes: batch.bytes,
    reason: batch.reason,
    generation: batch.generation,
    studies: batch.studies,
    series: batch.series,
    instances: batch.instances,
    findings: batch.findings,
    isLate: isChanged,
    createdAt: batch.createdAt.toISOString(),
    finishedAt: batch.finishedAt?.toISOString() ?? null,
    progress: isReading
      ? toRatedProgress({ filesDone, filesTotal, bytesDone: bytesDone ?? 0, elapsedMs: progressMs ?? 0 })
      : null,
  };
}

function toCondition(db: Queries, query: BatchQuery): SQL | undefined {
  const statuses = query.status ?? query.state;
  return and(
    statuses === undefined ? undefined : inArray(batches.status, [...statuses]),
    query.stage === undefined ? undefined : isInStage(db, query.stage),
    query.needsAttention === true ? needsAttention(db) : undefined,
    query.late === true ? isLate : undefined,
    query.root === undefined ? undefined : isOfRoot(db, query.root),
    query.since === undefined ? undefined : gte(batches.createdAt, new Date(query.since)),
    query.until === undefined ? undefined : lt(batches.createdAt, new Date(query.until)),
    query.name === undefined ? undefined : like(batches.name, toLikePattern(toStoredText(query.name))),
    query.study === undefined ? undefined : inArray(batches.id, batchesOfUid(db, query.study)),
    query.after === undefined ? undefined : lt(batches.id, rowId(query.after)),
  );
}

/** In SQL: a batch is of the watch path with this name. */
export function isOfRoot(db: Queries, name: string): SQL {
  return inArray(
    batches.rootId,
    db
      .select({ id: roots.id })
      .from(roots)
      .where(eq(roots.name, toStoredText(name))),
  );
}

/** A glob of `*` and `?` as LIKE's pattern. */
function toLikePattern(glob: string): string {
  return glob
    .replaceAll(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');
}
