import { and, asc, eq, gt, inArray } from 'drizzle-orm';
import type { Connection, Queries } from '../engine/connection.ts';
import { listBackToWhole } from './late-arrivals.ts';
import { readManifest } from './manifests.ts';
import { batches, instances, series } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** Paths of one answer. */
const PAGE = 2_000;

/**
 * Paths of the instances that the generations before a batch of late files, back to one that is more than that, have of some series; those
 * of the batch's own files are left out. In order, some thousands at a time.
 */
export async function* readEarlierFiles(
  connection: Connection,
  batchId: number,
  seriesInstanceUids: readonly string[],
): AsyncGenerator<readonly string[]> {
  const ids = await connection.run((db) => findEarlier(db, batchId));
  if (ids.length === 0 || seriesInstanceUids.length === 0) return;
  const own = new Set<string>();
  for await (const part of readManifest(connection, batchId)) for (const { path } of part) own.add(path);
  const uids = seriesInstanceUids.map(toStoredText);
  for (let after = ''; ; ) {
    const from = after;
    const rows = await connection.run((db) =>
      db
        .selectDistinct({ path: instances.path })
        .from(instances)
        .innerJoin(series, eq(series.id, instances.seriesId))
        .where(
          and(inArray(instances.batchId, [...ids]), inArray(series.seriesInstanceUid, uids), gt(instances.path, from)),
        )
        .orderBy(asc(instances.path))
        .limit(PAGE),
    );
    yield rows.map(({ path }) => path).filter((path) => !own.has(path));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.path;
  }
}

async function findEarlier(db: Queries, batchId: number): Promise<readonly number[]> {
  const [own] = await db.select().from(batches).where(eq(batches.id, batchId));
  return own?.isDelta === true ? (await listBackToWhole(db, own)).slice(1) : [];
}
