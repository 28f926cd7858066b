import type { Totals } from '@sendit/api';
import { and, count, eq, isNull, lte, type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { batches, findings, outbox } from '../schema/schema.ts';

/** Upper bounds of the buckets of a duration, in seconds. */
const BOUNDS_S = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800] as const;

/** Counts what was done since the database was made. */
export async function readTotals(db: Queries): Promise<Totals> {
  const importS = durations(sql`${batches.finishedAt} - ${batches.startedAt}`);
  const sealedS = durations(sql`${batches.finishedAt} - ${batches.createdAt}`);
  const [[row], byCode, [waiting]] = await Promise.all([
    db
      .select({
        sealed: count(),
        DONE: countWhere(sql`${batches.status} = 'DONE'`),
        EMPTY: countWhere(sql`${batches.status} = 'EMPTY'`),
        ERROR: countWhere(sql`${batches.status} = 'ERROR'`),
        QUARANTINED: countWhere(sql`${batches.status} = 'QUARANTINED'`),
        instances: total(sql`${batches.instances}`),
        bytes: total(sql`${batches.bytes}`),
        ...prefixed('import', importS),
        ...prefixed('sealed', sealedS),
      })
      .from(batches),
    db.select({ code: findings.code, number: count() }).from(findings).groupBy(findings.code),
    db
      .select({
        unsent: count(),
        oldest: sql`coalesce(extract(epoch from now() - min(${outbox.createdAt})), 0)`.mapWith(Number),
      })
      .from(outbox)
      .where(and(eq(outbox.kind, 'import-dicomdir'), isNull(outbox.sentAt), lte(outbox.createdAt, sql`now()`))),
  ]);
  if (row === undefined) throw new TypeError('Expected the row of an aggregate');
  const { DONE, EMPTY, ERROR, QUARANTINED } = row;
  const values: Readonly<Record<string, unknown>> = row;
  return {
    sealed: row.sealed,
    ended: { DONE, EMPTY, ERROR, QUARANTINED },
    instances: row.instances,
    bytes: row.bytes,
    findings: Object.fromEntries(byCode.map(({ code, number }) => [code, number])),
    unsent: waiting?.unsent ?? 0,
    oldestUnsentS: Math.max(0, waiting?.oldest ?? 0),
    importS: toHistogram('import', values),
    sealedToImportedS: toHistogram('sealed', values),
  };
}

/** Of what has ended with a duration: how many, how long together, and how many within each bound. */
function durations(interval: SQL): Readonly<Record<string, SQL<number>>> {
  const seconds = sql`extract(epoch from ${interval})::float8`;
  const within = BOUNDS_S.map(
    (bound, index) => [`le${index}`, countWhere(sql`${seconds} <= ${bound}::float8`)] as const,
  );
  return {
    count: sql`count(${interval})`.mapWith(Number),
    sum: sql`coalesce(sum(${seconds}), 0)`.mapWith(Number),
    ...Object.fromEntries(within),
  };
}

function prefixed<T>(prefix: string, columns: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [`${prefix}_${name}`, column]));
}

function toHistogram(prefix: string, row: Readonly<Record<string, unknown>>): Totals['importS'] {
  const read = (name: string): number => Number(row[`${prefix}_${name}`] ?? 0);
  const buckets = BOUNDS_S.map((le, index) => ({ le, count: read(`le${index}`) }));
  return { buckets, count: read('count'), sum: read('sum') };
}

function countWhere(which: SQL) {
  return sql`count(*) filter (where ${which})`.mapWith(Number);
}

function total(column: SQL) {
  return sql`coalesce(sum(${column}), 0)`.mapWith(Number);
}
