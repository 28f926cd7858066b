import type { PrunePage, PruneQuery } from '@sendit/api';
import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { isSettled } from '../people/acknowledge.ts';
import { rowId } from '../schema/rows.ts';
import {
  actions,
  batches,
  findings,
  instances,
  manifestParts,
  outbox,
  roots,
  series,
  statedSeries,
  statedStudies,
  studies,
} from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** Said of a batch whose lists are gone. */
const PRUNED = 'Its lists were pruned: what is left knows it again, see docs/retention.md.';

/** All columns of a study and a series that may be personal, or tell of a person's care. */
const STUDY_WORDS = {
  studyTime: null,
  studyId: null,
  accessionNumber: null,
  studyDescription: null,
  patientId: null,
  patientName: null,
  patientBirthDate: null,
  patientSex: null,
};
const SERIES_WORDS = { seriesDescription: null, bodyPartExamined: null, protocolName: null };

/**
 * Prunes one slice of old batches, within the caller's transaction: their sealed lists, findings and actions go, and what they said of patients where
 * no other batch has the study. What knows them again stays: the row of each batch (path, generation, digest, identity, counts), and UID,
 * digest, size and path of every instance.
 *
 * Generations of one path go together or not at all: late files are compared with all of them.
 */
export async function pruneBatches(tx: Queries, query: PruneQuery): Promise<PrunePage> {
  const { dryRun, limit } = query;
  const found = await tx
    .select({ id: batches.id, rootId: batches.rootId, relativePath: batches.relativePath })
    .from(batches)
    .where(and(isPrunable(tx, query), query.after === undefined ? undefined : gt(batches.id, rowId(query.after))))
    .orderBy(asc(batches.id))
    .limit(limit);
  const generations = await listGenerations(tx, found, query);
  const kept = new Set(generations.flatMap((row) => (row.isPrunable ? [] : [toKey(row)])));
  // With its first generation, so that no page counts one twice.
  const firsts = new Set(found.map(({ id }) => id));
  const begun = new Set(generations.filter(isFirst).flatMap((row) => (firsts.has(row.id) ? [toKey(row)] : [])));
  const pruned = generations.filter((row) => begun.has(toKey(row)) && !kept.has(toKey(row)));
  const ids = pruned.map(({ id }) => id);
  if (!dryRun && ids.length > 0) await takeAway(tx, ids);
  const last = found.length < limit ? undefined : found.at(-1)?.id;
  return {
    batches: ids.length,
    files: pruned.reduce((sum, { files }) => sum + files, 0),
    next: last === undefined ? null : String(last),
  };
}

interface Generation {
  readonly id: number;
  readonly rootId: number;
  readonly relativePath: string;
  readonly files: number;
  readonly isPrunable: boolean;
}

/** All generations of some paths that are not pruned, in order, locked: nobody queues one of them meanwhile. */
async function listGenerations(
  tx: Queries,
  found: readonly Pick<Generation, 'rootId' | 'relativePath'>[],
  query: PruneQuery,
): Promise<readonly Generation[]> {
  if (found.length === 0) return [];
  const wanted = new Set(found.map(toKey));
  const paths = [...new Set(found.map(({ relativePath }) => relativePath))];
  const rows = await tx
    .select({
      id: batches.id,
      rootId: batches.rootId,
      relativePath: batches.relativePath,
      files: batches.files,
      isPrunable: sql`${isPrunable(tx, query)}`.mapWith(Boolean),
    })
    .from(batches)
    .where(and(inArray(batches.relativePath, paths), isNull(batches.prunedAt)))
    .orderBy(asc(batches.id))
    .for('update');
  return rows.filter((row) => wanted.has(toKey(row)));
}

function toKey({ relativePath, rootId }: Pick<Generation, 'rootId' | 'relativePath'>): string {
  return `${rootId} ${relativePath}`;
}

function isFirst(row: Generation, index: number, all: readonly Generation[]): boolean {
  return all.findIndex((one) => toKey(one) === toKey(row)) === index;
}

/** In SQL: it has ended well, long ago; nothing is to be done with it any more, and nothing about it waits for a person. */
function isPrunable(tx: Queries, { endedBefore, root }: PruneQuery): SQL | undefined {
  const open = (table: typeof outbox | typeof actions, more?: SQL) =>
    sql`not exists (${tx
      .select({ one: sql`1` })
      .from(table)
      .where(and(eq(table.batchId, batches.id), more))})`;
  const named = root === undefined ? undefined : eq(roots.name, toStoredText(root));
  return and(
    isNull(batches.prunedAt),
    inArray(batches.status, ['DONE', 'EMPTY']),
    lt(batches.finishedAt, sql`${endedBefore}::timestamptz`),
    isNull(batches.amendSince),
    isSettled,
    open(outbox),
    open(actions, sql`${actions.state} <> 'done'`),
    named && inArray(batches.rootId, tx.select({ id: roots.id }).from(roots).where(named)),
  );
}

async function takeAway(tx: Queries, ids: number[]): Promise<void> {
  for (const table of [manifestParts, findings, actions, statedStudies, statedSeries])
    await tx.delete(table).where(inArray(table.batchId, ids));
  await tx
    .update(instances)
    .set({ attributes: null })
    .where(and(inArray(instances.batchId, ids), isNotNull(instances.attributes)));
  await tx.update(batches).set({ prunedAt: sql`now()`, reason: PRUNED }).where(inArray(batches.id, ids));
  const seriesOf = tx.select({ id: instances.seriesId }).from(instances).where(inArray(instances.batchId, ids));
  const studiesOf = tx.select({ id: series.studyId }).from(series).where(inArray(series.id, seriesOf));
  await tx
    .update(series)
    .set(SERIES_WORDS)
    .where(and(inArray(series.id, seriesOf), sql`not ${isHeld(tx, eq(instances.seriesId, series.id))}`));
  const seriesOfStudy = sql`${instances.seriesId} in (select one.id from ${series} as one where one.study_id = ${studies.id})`;
  await tx
    .update(studies)
    .set(STUDY_WORDS)
    .where(and(inArray(studies.id, studiesOf), sql`not ${isHeld(tx, seriesOfStudy)}`));
}

/** In SQL: a batch that is not pruned has instances of it. */
function isHeld(tx: Queries, ofIt: SQL): SQL {
  return sql`exists (${tx
    .select({ one: sql`1` })
    .from(instances)
    .innerJoin(batches, eq(batches.id, instances.batchId))
    .where(and(ofIt, isNull(batches.prunedAt)))})`;
}
