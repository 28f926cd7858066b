import type { BatchDetail, BatchTimes, SeriesSummary, StudySummary } from '@sendit/api';
import { compareFindings, type FindingRecord, type InstanceStanding, toFilesPerS } from '@sendit/model';
import { asc, count, eq, sum } from 'drizzle-orm';
import { selectActions } from '../actions/action-rows.ts';
import { resolveBatch } from '../batches/batch-refs.ts';
import type { Queries } from '../engine/connection.ts';
import { readWords } from '../imports/stated-words.ts';
import { listBatchAudit } from '../people/audit.ts';
import { actions, batches, findings, instances, quarantinedFiles, roots, series, studies } from '../schema/schema.ts';
import { SUMMARY, toSummary } from './list-batches.ts';
import { readNumberRuns } from './number-runs.ts';
import { listGenerations, toGroups, toNumbers, toTimeline } from './batch-history.ts';

/** More than a watch path may have. */
const MOST_ACTIONS = 100;

/** Everything about one batch that a person may see. */
export async function showBatch(db: Queries, ref: string): Promise<BatchDetail | undefined> {
  const found = await resolveBatch(db, ref);
  if (found === undefined) return undefined;
  const [row] = await db
    .select(SUMMARY)
    .from(batches)
    .innerJoin(roots, eq(roots.id, batches.rootId))
    .where(eq(batches.id, found.id));
  if (row === undefined) return undefined;
  const { batch } = row;
  const studyList = await listStudies(db, batch.id);
  const standings = await countStandings(db, batch.id);
  const findingList = await listFindings(db, batch.id);
  const actionList = await selectActions(db, eq(actions.batchId, batch.id), MOST_ACTIONS);
  return {
    ...toSummary(row),
    digest: batch.digest,
    digestAlgorithm: batch.digestAlgorithm,
    attempts: batch.attempts,
    lateChanges: batch.lateChanges,
    isDelta: batch.isDelta,
    startedAt: batch.startedAt?.toISOString() ?? null,
    times: toTimes(batch),
    modalities: toDifferent(studyList.flatMap(({ seriesList }) => seriesList.map(({ modality }) => modality))),
    studyDates: toDifferent(studyList.map(({ studyDate }) => studyDate)),
    studyList,
    duplicates: standings.get('duplicate') ?? 0,
    replaced: standings.get('replaced') ?? 0,
    quarantined: await db.$count(quarantinedFiles, eq(quarantinedFiles.batchId, batch.id)),
    findingList,
    findingGroups: toGroups(findingList),
    generations: await listGenerations(db, batch),
    timeline: toTimeline(batch, actionList),
    auditList: await listBatchAudit(db, batch.id),
    actionList,
  };
}

/** The worst first: those of other batches were written after those of the files. */
async function listFindings(db: Queries, batchId: number): Promise<readonly FindingRecord[]> {
  const rows = await db
    .select({ code: findings.code, severity: findings.severity, path: findings.path, message: findings.message })
    .from(findings)
    .where(eq(findings.batchId, batchId))
    .orderBy(asc(findings.id));
  return rows.toSorted(compareFindings);
}

async function countStandings(db: Queries, batchId: number): Promise<ReadonlyMap<InstanceStanding, number>> {
  const rows = await db
    .select({ standing: instances.standing, rows: count() })
    .from(instances)
    .where(eq(instances.batchId, batchId))
    .groupBy(instances.standing);
  return new Map(rows.map(({ standing, rows: number }) => [standing, number]));
}

async function listStudies(db: Queries, batchId: number): Promise<readonly StudySummary[]> {
  const rows = await db
    .select({ study: studies, one: series, instanceCount: count(), bytes: sum(instances.bytes).mapWith(Number) })
    .from(instances)
    .innerJoin(series, eq(series.id, instances.seriesId))
    .innerJoin(studies, eq(studies.id, series.studyId))
    .where(eq(instances.batchId, batchId))
    .groupBy(studies.id, series.id)
    .orderBy(asc(studies.id), asc(series.seriesNumber), asc(series.id));
  const said = await readWords(db, batchId);
  const numbers = await readNumberRuns(db, batchId);
  const lists = new Map<
    number,
    { readonly study: typeof studies.$inferSelect; readonly seriesList: SeriesSummary[] }
  >();
  for (const { study, one, instanceCount, bytes } of rows) {
    const list = lists.get(study.id) ?? { study, seriesList: [] };
    lists.set(study.id, list);
    const { seriesInstanceUid, modality, seriesNumber } = { ...one, ...said.series.get(one.id) };
    list.seriesList.push({
      seriesInstanceUid,
      modality,
      seriesNumber,
      instances: instanceCount,
      bytes,
      received: instanceCount,
      ...toNumbers(numbers.get(one.id), instanceCount),
    });
  }
  return [...lists.values()].map(({ study, seriesList }) => ({
    studyInstanceUid: study.studyInstanceUid,
    studyDate: { ...study, ...said.studies.get(study.id) }.studyDate,
    seriesList,
  }));
}

/** Null before an import has ended: one that failed has not said how long its steps took. */
function toTimes(batch: typeof batches.$inferSelect): BatchTimes | null {
  const { startedAt, finishedAt, listingMs, readingMs, hashingMs, files } = batch;
  if (startedAt === null || finishedAt === null || listingMs === null || readingMs === null || hashingMs === null) {
    return null;
  }
  const elapsedMs = finishedAt.getTime() - startedAt.getTime();
  const databaseMs = Math.max(0, elapsedMs - listingMs - readingMs);
  return { elapsedMs, listingMs, readingMs, hashingMs, databaseMs, filesPerS: toFilesPerS(files, elapsedMs) };
}

function toDifferent(values: readonly (string | null)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== null))].toSorted();
}
