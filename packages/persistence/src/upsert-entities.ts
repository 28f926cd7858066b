import type { ImportedStudy } from '@sendit/model';
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queries } from './connection.ts';
import { toChunks } from './rows.ts';
import { series, studies } from './schema.ts';
import type { StoredSeries } from './stored-import.ts';
import { isUid } from './stored-text.ts';

const ROWS_PER_INSERT = 500;

/** A row that an insert found has been locked or written by this transaction. */
const IS_NEW = sql<boolean>`xmax = 0`;

/** A study or series of an import; a new one is seen by no other transaction yet. */
export interface EntityRow {
  readonly id: number;
  readonly isNew: boolean;
}

/** What becomes of rows that another batch brought: they are locked and stay as they are, or learn what is known now. */
export type Upsert = 'lock' | 'complete';

/** Inserts studies that are not there; gives all their rows by UID. */
export async function upsertStudies(
  tx: Queries,
  { batchId, known }: { readonly batchId: number; readonly known: Upsert },
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
        set: known === 'lock' ? { createdAt: sql`${studies}.created_at` } : newestKnown(values),
      })
      .returning({ id: studies.id, isNew: IS_NEW, uid: studies.studyInstanceUid });
    for (const { uid, ...row } of rows) found.set(uid, row);
  }
  return found;
}

/** The same for series; gives their rows by key. */
export async function upsertSeries(
  tx: Queries,
  {
    batchId,
    known,
    studyRows,
  }: { readonly batchId: number; readonly known: Upsert; readonly studyRows: ReadonlyMap<string, EntityRow> },
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
        set: known === 'lock' ? { createdAt: sql`${series}.created_at` } : newestKnown(values),
      })
      .returning({ id: series.id, isNew: IS_NEW, studyId: series.studyId, uid: series.seriesInstanceUid });
    for (const { studyId, uid, ...row } of rows) found.set(keys.get(JSON.stringify([studyId, uid])) ?? '', row);
  }
  return found;
}

/** Null: shared by all batches. Anything that is no UID names something of this batch alone. */
function scopeOf(uid: string, batchId: number): number | null {
  return isUid(uid) ? null : batchId;
}

/** The later import wins, but never replaces a value by nothing. */
function newestKnown(columns: Readonly<Record<string, PgColumn>>): Record<string, SQL> {
  return Object.fromEntries(
    Object.entries(columns).map(([key, column]) => [
      key,
      sql`coalesce(excluded.${sql.identifier(column.name)}, ${column})`,
    ]),
  );
}
