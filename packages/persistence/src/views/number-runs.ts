import { and, asc, eq, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { instances } from '../schema/schema.ts';

/** Numbers of the images of one series. */
export interface NumberRuns {
  /** From first to last, without a gap; in order. */
  readonly runs: readonly (readonly [number, number])[];
  /** Different numbers. */
  readonly distinct: number;
}

/** Reads the instance numbers of a batch, by series. */
export async function readNumberRuns(db: Queries, batchId: number): Promise<ReadonlyMap<number, NumberRuns>> {
  const numbered = db
    .selectDistinct({
      seriesId: instances.seriesId,
      number: sql<number>`${instances.instanceNumber}`.as('number'),
      island:
        sql<number>`${instances.instanceNumber} - dense_rank() over (partition by ${instances.seriesId} order by ${instances.instanceNumber})`.as(
          'island',
        ),
    })
    .from(instances)
    .where(and(eq(instances.batchId, batchId), sql`${instances.instanceNumber} is not null`))
    .as('numbered');
  const rows = await db
    .select({
      seriesId: numbered.seriesId,
      from: sql`min(${numbered.number})`.mapWith(Number),
      to: sql`max(${numbered.number})`.mapWith(Number),
    })
    .from(numbered)
    .groupBy(numbered.seriesId, numbered.island)
    .orderBy(asc(numbered.seriesId), sql`min(${numbered.number})`);
  const bySeries = new Map<number, { runs: (readonly [number, number])[]; distinct: number }>();
  for (const { from, seriesId, to } of rows) {
    const one = bySeries.get(seriesId) ?? { runs: [], distinct: 0 };
    bySeries.set(seriesId, one);
    one.runs.push([from, to]);
    one.distinct += to - from + 1;
  }
  return bySeries;
}
