import type { ImportedStudy } from '@sendit/model';
import { getTableColumns, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import type { Words } from './entity-words.ts';
import { toChunks } from '../schema/rows.ts';
import { series, studies } from '../schema/schema.ts';
import type { StoredSeries } from '../schema/stored-import.ts';
import { isUid } from '../schema/stored-text.ts';

const ROWS_PER_INSERT = 500;

/** A row that an insert found has been locked or written by this transaction. */
const IS_NEW = sql<boolean>`xmax = 0`;

/** A study or series of an import; a new one is seen by no other transaction yet. */
export interface EntityRow {
  readonly id: number;
  readonly isNew: boolean;
  /** Values of the row. */
  readonly words: Words;
}

/** Inserts studies that are not there, and locks those that are; gives all their rows by UID. */
export async function upsertStudies(
  tx: Queries,
  batchId: number,
  items: readonly ImportedStudy[],
): Promise<ReadonlyMap<string, EntityRow>> {
  const found = new Map<string, EntityRow>();
  const {
    id: _id,
    createdAt: _createdAt,
    studyInstanceUid: _uid,
    scopeBatchId: _scope,
    ...values
  } = getTableColumns(studies);
  for (const chunk of toChunks(items, ROWS_PER_INSERT)) {
    const rows = await tx
      .insert(studies)
      .values(chunk.map((study) => ({ ...study, scopeBatchId: scopeOf(study.studyInstanceUid, batchId) })))
      .onConflictDoUpdate({
        target: [studies.studyInstanceUid, studies.scopeBatchId],
        set: { createdAt: sql`${studies}.created_at` },
      })
      .returning({ id: studies.id, isNew: IS_NEW, uid: studies.studyInstanceUid, ...values });
    for (const { uid, id, isNew, ...words } of rows) found.set(uid, { id, isNew, words });
  }
  return found;
}

/** The same for series; gives their rows by key. */
export async function upsertSeries(
  tx: Queries,
  { batchId, studyRows }: { readonly batchId: number; readonly studyRows: ReadonlyMap<string, EntityRow> },
  items: readonly StoredSeries[],
): Promise<ReadonlyMap<string, EntityRow>> {
  const found = new Map<string, EntityRow>();
  const {
    id: _id,
    createdAt: _createdAt,
    studyId: _study,
    seriesInstanceUid: _uid,
    scopeBatchId: _scope,
    ...values
  } = getTableColumns(series);
  for (const chunk of toChunks(items, ROWS_PER_INSERT)) {
    const keys = new Map<string, string>();
    const entries = chunk.map(({ key, studyInstanceUid, ...one }) => {
      const studyId = studyRows.get(studyInstanceUid)?.id;
      if (studyId === undefined) throw new TypeError('Expected the study of every series in the result');
      keys.set(JSON.stringify([studyId, one.seriesInstanceUid]), key);
      return { ...one, studyId, scopeBatchId: scopeOf(one.seriesInstanceUid, batchId) };
    });
    const rows = await tx
      .insert(series)
      .values(entries)
      .onConflictDoUpdate({
        target: [series.studyId, series.seriesInstanceUid, series.scopeBatchId],
        set: { createdAt: sql`${series}.created_at` },
      })
      .returning({ id: series.id, isNew: IS_NEW, studyId: series.studyId, uid: series.seriesInstanceUid, ...values });
    for (const { studyId, uid, id, isNew, ...words } of rows) {
      found.set(keys.get(JSON.stringify([studyId, uid])) ?? '', { id, isNew, words });
    }
  }
  return found;
}

/** Null: shared by all batches. Anything that is no UID names something of this batch alone. */
function scopeOf(uid: string, batchId: number): number | null {
  return isUid(uid) ? null : batchId;
}
