import { eq, inArray } from 'drizzle-orm';
import type { Queries } from './connection.ts';
import { toChunks } from './rows.ts';
import { instances, series, studies } from './schema.ts';
import type { StoredImport } from './stored-import.ts';
import { type EntityRow, upsertSeries, upsertStudies } from './upsert-entities.ts';

/** A statement takes 65,534 parameters. */
const ROWS_PER_DELETE = 10_000;

/** The rows of the studies and series of an import. */
export interface Entities {
  readonly batchId: number;
  /** By UID. */
  readonly studyRows: ReadonlyMap<string, EntityRow>;
  /** By key. */
  readonly seriesRows: ReadonlyMap<string, EntityRow>;
}

/** Gives every study and series of an import a row, before its instances are written. What another batch said of them stays for now. */
export async function ensureEntities(tx: Queries, batchId: number, stored: StoredImport): Promise<Entities> {
  const studyRows = await upsertStudies(tx, { batchId, known: 'lock' }, stored.studies);
  const seriesRows = await upsertSeries(tx, { batchId, known: 'lock', studyRows }, stored.series);
  return { batchId, studyRows, seriesRows };
}

/**
 * Writes what an import knows of studies and series that were there before it, when its instances are written. Where files of it are
 * `quarantined`, only of those that it has instances of, and new ones without any go: a file in conflict says nothing of a study.
 */
export async function completeEntities(
  tx: Queries,
  { batchId, studyRows, seriesRows }: Entities,
  { stored, quarantined }: { readonly stored: StoredImport; readonly quarantined: number },
): Promise<void> {
  const held = quarantined === 0 ? undefined : await readHeld(tx, batchId);
  const isHeld = (kind: 'studies' | 'series', row: EntityRow | undefined): boolean =>
    row !== undefined && (held === undefined || held[kind].has(row.id));
  const known = {
    studies: stored.studies.filter(({ studyInstanceUid }) => {
      const row = studyRows.get(studyInstanceUid);
      return row?.isNew === false && isHeld('studies', row);
    }),
    series: stored.series.filter(({ key }) => {
      const row = seriesRows.get(key);
      return row?.isNew === false && isHeld('series', row);
    }),
  };
  await upsertStudies(tx, { batchId, known: 'complete' }, known.studies);
  await upsertSeries(tx, { batchId, known: 'complete', studyRows }, known.series);
  if (held === undefined) return;
  const unused = (kind: 'studies' | 'series', rows: ReadonlyMap<string, EntityRow>): readonly number[] =>
    [...rows.values()].filter((row) => row.isNew && !isHeld(kind, row)).map(({ id }) => id);
  for (const ids of toChunks(unused('series', seriesRows), ROWS_PER_DELETE)) {
    await tx.delete(series).where(inArray(series.id, [...ids]));
  }
  for (const ids of toChunks(unused('studies', studyRows), ROWS_PER_DELETE)) {
    await tx.delete(studies).where(inArray(studies.id, [...ids]));
  }
}

async function readHeld(
  tx: Queries,
  batchId: number,
): Promise<{ readonly studies: ReadonlySet<number>; readonly series: ReadonlySet<number> }> {
  const rows = await tx
    .selectDistinct({ series: series.id, study: series.studyId })
    .from(instances)
    .innerJoin(series, eq(series.id, instances.seriesId))
    .where(eq(instances.batchId, batchId));
  return { studies: new Set(rows.map(({ study }) => study)), series: new Set(rows.map((row) => row.series)) };
}
