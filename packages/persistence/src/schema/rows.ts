import type { SQL } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';

/** The row of a query that always gives one; its absence is a defect of ours. */
export function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new TypeError('Expected one row, got none');
  return row;
}

/** The rows of a statement that is written by hand; numbers in it are cast to `integer`, since the engines read others differently. */
export async function readRows<Row>(db: Queries, statement: SQL): Promise<readonly Row[]> {
  const result: unknown = await db.execute(statement);
  return (Array.isArray(result) ? result : (result as { readonly rows: readonly Row[] }).rows) as readonly Row[];
}

/** An id of ours as a number. @throws TypeError when it cannot be one. */
export function rowId(id: string): number {
  const number = toRowId(id);
  if (number === undefined) throw new TypeError(`Expected a row id (decimal digits), got ${JSON.stringify(id)}`);
  return number;
}

/** The row number in an id given from outside, undefined when it cannot be one of ours. */
export function toRowId(id: string): number | undefined {
  return /^[0-9]{1,15}$/.test(id) ? Number(id) : undefined;
}

/** The outbox id as given, undefined when it is not a uuid. */
export function toOutboxId(id: string): string | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id) ? id : undefined;
}

/** Parses a job's payload into our own ids; undefined if it cannot belong to this database. */
export function toOwnJob(job: {
  readonly batchId: string;
  readonly outboxId: string;
}): { readonly batchId: number; readonly outboxId: string } | undefined {
  const batchId = toRowId(job.batchId);
  const outboxId = toOutboxId(job.outboxId);
  return batchId === undefined || outboxId === undefined ? undefined : { batchId, outboxId };
}

/** Parts of a list, each short enough for one statement. */
export function toChunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
