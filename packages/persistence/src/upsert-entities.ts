import type { ImportedStudy } from '@sendit/model';
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { Queries } from './connection.ts';
import { toChunks } from './rows.ts';
import { series, studies } from './schema.ts';
import type { StoredSeries } from './stored-import.ts';
import { isUid } from './stored-text.ts';

const ROWS_PER_INSERT = 500;

/** Inserts studies or completes those that another batch brought; gives their row ids by UID. */
export async function upsertStudies(
  tx: Queries,
  batchId: number,
  items: readonly ImportedStudy[],
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
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
        set: newestKnown(values),
      })
      .returning({ id: studies.id, uid: studies.studyInstanceUid });
    for (const row of rows) ids.set(row.uid, row.id);
  }
  return ids;
}

/** The same for series; gives their row ids by key. */
export async function upsertSeries(
  tx: Queries,
  { batchId, studyIds }: { readonly batchId: number; readonly studyIds: ReadonlyMap<string, number> },
  items: readonly StoredSeries[],
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
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
      const studyId = studyIds.get(studyInstanceUid);
      if (studyId === undefined) throw new TypeError('Expected the study of every series in the result');
      keys.set(JSON.stringify([studyId, one.seriesInstanceUid]), key);
      return { ...one, studyId, scopeBatchId: scopeOf(one.seriesInstanceUid, batchId) };
    });
    const rows = await tx
      .insert(series)
      .values(entries)
      .onConflictDoUpdate({
        target: [series.studyId, series.seriesInstanceUid, series.scopeBatchId],
        set: newestKnown(values),
      })
      .returning({ id: series.id, studyId: series.studyId, uid: series.seriesInstanceUid });
    for (const row of rows) ids.set(keys.get(JSON.stringify([row.studyId, row.uid])) ?? '', row.id);
  }
  return ids;
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
