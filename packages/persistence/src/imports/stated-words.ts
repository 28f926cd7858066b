import { and, eq, ne, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import type { Words } from './entity-words.ts';
import { instances, series, statedSeries, statedStudies, studies } from '../schema/schema.ts';

/** A table of studies or series, and what batches said of them otherwise than the row does. */
export type EntityKind = 'studies' | 'series';

/** Whether another batch has instances of a study or series that are not replaced: then its row keeps what it says. */
export async function isHeldByOthers(tx: Queries, kind: EntityKind, { batchId, id }: Entity): Promise<boolean> {
  const others = and(ne(instances.batchId, batchId), ne(instances.standing, 'replaced'));
  const [row] = await tx
    .select({ batchId: instances.batchId })
    .from(instances)
    .innerJoin(series, eq(series.id, instances.seriesId))
    .where(and(eq(kind === 'studies' ? series.studyId : series.id, id), others))
    .limit(1);
  return row !== undefined;
}

/** Keeps what one batch said of a study or series. */
export async function keepWords(tx: Queries, kind: EntityKind, entity: Entity, words: Words): Promise<void> {
  const { batchId, id } = entity;
  if (kind === 'studies') await tx.insert(statedStudies).values({ batchId, studyId: id, words });
  else await tx.insert(statedSeries).values({ batchId, seriesId: id, words });
}

/** Writes what a row says now; what it said before is kept of the batches that had said it. */
export async function overwrite(
  tx: Queries,
  kind: EntityKind,
  { batchId, id }: Entity,
  { known, words }: { readonly known: Words; readonly words: Words },
): Promise<void> {
  const before = sql`${JSON.stringify(known)}::jsonb`;
  const ofOthers = sql`from ${instances} join ${series} on ${series.id} = ${instances.seriesId}
    where ${kind === 'studies' ? series.studyId : series.id} = ${id} and ${instances.batchId} <> ${batchId}`;
  const [table, column] =
    kind === 'studies' ? ([statedStudies, sql`study_id`] as const) : ([statedSeries, sql`series_id`] as const);
  await tx.execute(sql`insert into ${table} (batch_id, ${column}, words)
    select distinct ${instances.batchId}, ${id}::bigint, ${before} ${ofOthers} on conflict do nothing`);
  await addWords(tx, kind, id, words);
}

/** Writes what a row has not said before. */
export async function addWords(tx: Queries, kind: EntityKind, id: number, words: Words): Promise<void> {
  if (Object.keys(words).length === 0) return;
  if (kind === 'studies') await tx.update(studies).set(words).where(eq(studies.id, id));
  else await tx.update(series).set(words).where(eq(series.id, id));
}

/** Forgets what a batch said: it is imported again. */
export async function deleteWords(tx: Queries, batchId: number): Promise<void> {
  await tx.delete(statedStudies).where(eq(statedStudies.batchId, batchId));
  await tx.delete(statedSeries).where(eq(statedSeries.batchId, batchId));
}

/** A batch's own values of its studies and series if they differ from the rows; by row. */
export async function readWords(
  db: Queries,
  batchId: number,
): Promise<Readonly<Record<EntityKind, ReadonlyMap<number, Words>>>> {
  const ofStudies = await db.select().from(statedStudies).where(eq(statedStudies.batchId, batchId));
  const ofSeries = await db.select().from(statedSeries).where(eq(statedSeries.batchId, batchId));
  return {
    studies: new Map(ofStudies.map(({ studyId, words }) => [studyId, words])),
    series: new Map(ofSeries.map(({ seriesId, words }) => [seriesId, words])),
  };
}

/** A study or series as one batch says it. */
interface Entity {
  readonly batchId: number;
  readonly id: number;
}
