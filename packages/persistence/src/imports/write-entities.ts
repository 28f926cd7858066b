import type { FindingRecord } from '@sendit/model';
import { eq, inArray } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { compareWords, toWordFindings, type Words } from './entity-words.ts';
import { toChunks } from '../schema/rows.ts';
import { instances, series, studies } from '../schema/schema.ts';
import { addWords, type EntityKind, isHeldByOthers, keepWords, overwrite } from './stated-words.ts';
import type { StoredImport } from '../schema/stored-import.ts';
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
  const studyRows = await upsertStudies(tx, batchId, stored.studies);
  const seriesRows = await upsertSeries(tx, { batchId, studyRows }, stored.series);
  return { batchId, studyRows, seriesRows };
}

/**
 * Writes what an import knows of studies and series that were there before it, when its instances are written. The first word is kept while
 * another batch holds instances of one: what this one says otherwise is kept beside, and found where it identifies. Where files of it are
 * `quarantined`, only of those that it has instances of, and new ones without any go: a file in conflict says nothing of a study.
 */
export async function completeEntities(
  tx: Queries,
  { batchId, studyRows, seriesRows }: Entities,
  { stored, quarantined }: { readonly stored: StoredImport; readonly quarantined: number },
): Promise<readonly FindingRecord[]> {
  const held = quarantined === 0 ? undefined : await readHeld(tx, batchId);
  const isHeld = (kind: EntityKind, row: EntityRow): boolean => held === undefined || held[kind].has(row.id);
  const differing: { readonly known: Words; readonly said: Words }[] = [];
  const complete = async (kind: EntityKind, row: EntityRow | undefined, said: Words): Promise<void> => {
    if (row === undefined || row.isNew || !isHeld(kind, row)) return;
    const found = await completeEntity(tx, kind, { batchId, row, said });
    if (found === 'differs') differing.push({ known: row.words, said });
  };
  for (const { studyInstanceUid, ...said } of stored.studies) {
    await complete('studies', studyRows.get(studyInstanceUid), said);
  }
  for (const { key, studyInstanceUid: _study, seriesInstanceUid: _series, ...said } of stored.series) {
    await complete('series', seriesRows.get(key), said);
  }
  if (held !== undefined) await deleteUnused(tx, { batchId, studyRows, seriesRows }, isHeld);
  return toWordFindings(differing);
}

async function completeEntity(
  tx: Queries,
  kind: EntityKind,
  { batchId, row, said }: { readonly batchId: number; readonly row: EntityRow; readonly said: Words },
): Promise<'differs' | undefined> {
  const { id, words: known } = row;
  const { added, differing } = compareWords(known, said);
  if (differing.length > 0 && !(await isHeldByOthers(tx, kind, { batchId, id }))) {
    const now = Object.fromEntries(differing.map((column) => [column, said[column] ?? null]));
    await overwrite(tx, kind, { batchId, id }, { known, words: { ...added, ...now } });
    return undefined;
  }
  await addWords(tx, kind, id, added);
  if (differing.length === 0) return undefined;
  await keepWords(tx, kind, { batchId, id }, said);
  return 'differs';
}

async function deleteUnused(
  tx: Queries,
  { studyRows, seriesRows }: Entities,
  isHeld: (kind: EntityKind, row: EntityRow) => boolean,
): Promise<void> {
  const unused = (kind: EntityKind, rows: ReadonlyMap<string, EntityRow>): readonly number[] =>
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
