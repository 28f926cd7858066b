import type { BatchDetail, BatchQuery, BatchSummary, BatchTimes, SeriesSummary, StudySummary } from '@sendit/api';
import {
  compareFindings,
  type FindingRecord,
  type InstanceStanding,
  toFilesPerS,
  toRatedProgress,
} from '@sendit/model';
import { and, asc, count, desc, eq, gte, inArray, isNotNull, isNull, like, lt, sum } from 'drizzle-orm';
import { listBatchAudit } from '../people/audit.ts';
import { toCurrentAbsolute } from './current-path.ts';
import { selectActions } from '../actions/action-rows.ts';
import type { Queries } from '../engine/connection.ts';
import { batchesOfUid, resolveBatch } from './batch-refs.ts';
import { rowId } from '../schema/rows.ts';
import { actions, batches, findings, instances, quarantinedFiles, roots, series, studies } from '../schema/schema.ts';
import { readWords } from '../imports/stated-words.ts';
import { toStoredText } from '../schema/stored-text.ts';

const DEFAULT_LIMIT = 50;
/** More than a watch path may have. */
const MOST_ACTIONS = 100;

/** Batches, newest first, with their counts. */
export async function listBatches(db: Queries, query: BatchQuery): Promise<readonly BatchSummary[]> {
  const rows = await db
    .select({ batch: batches, root: roots.name })
    .from(batches)
    .innerJoin(roots, eq(roots.id, batches.rootId))
    .where(
      and(
        query.status === undefined ? undefined : eq(batches.status, query.status),
        query.late === true ? and(isNotNull(batches.ignoredDigest), isNull(batches.vanishedAt)) : undefined,
        query.root === undefined ? undefined : eq(roots.name, toStoredText(query.root)),
        query.since === undefined ? undefined : gte(batches.createdAt, new Date(query.since)),
        query.until === undefined ? undefined : lt(batches.createdAt, new Date(query.until)),
        query.name === undefined ? undefined : like(batches.name, toLikePattern(toStoredText(query.name))),
        query.study === undefined ? undefined : inArray(batches.id, batchesOfUid(db, query.study)),
        query.after === undefined ? undefined : lt(batches.id, rowId(query.after)),
      ),
    )
    .orderBy(desc(batches.id))
    .limit(query.limit ?? DEFAULT_LIMIT)
    .offset(query.offset ?? 0);
  return rows.map(({ batch, root }) => toSummary(batch, root));
}

/** A glob of `*` and `?` as LIKE's pattern. */
function toLikePattern(glob: string): string {
  return glob
    .replaceAll(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');
}

/** Everything about one batch that a person may see. */
export async function showBatch(db: Queries, ref: string): Promise<BatchDetail | undefined> {
  const found = await resolveBatch(db, ref);
  if (found === undefined) return undefined;
  const [row] = await db
    .select({ batch: batches, root: roots.name })
    .from(batches)
    .innerJoin(roots, eq(roots.id, batches.rootId))
    .where(eq(batches.id, found.id));
  if (row === undefined) return undefined;
  const { batch, root } = row;
  const studyList = await listStudies(db, batch.id);
  const standings = await countStandings(db, batch.id);
  return {
    ...toSummary(batch, root),
    grade: batch.grade,
    files: batch.files,
    bytes: batch.bytes,
    digest: batch.digest,
    digestAlgorithm: batch.digestAlgorithm,
    attempts: batch.attempts,
    lateChanges: batch.lateChanges,
    isDelta: batch.isDelta,
    reason: batch.reason,
    startedAt: batch.startedAt?.toISOString() ?? null,
    times: toTimes(batch),
    modalities: toDifferent(studyList.flatMap(({ seriesList }) => seriesList.map(({ modality }) => modality))),
    studyDates: toDifferent(studyList.map(({ studyDate }) => studyDate)),
    studyList,
    duplicates: standings.get('duplicate') ?? 0,
    replaced: standings.get('replaced') ?? 0,
    quarantined: await db.$count(quarantinedFiles, eq(quarantinedFiles.batchId, batch.id)),
    findingList: await listFindings(db, batch.id),
    auditList: await listBatchAudit(db, batch.id),
    actionList: await selectActions(db, eq(actions.batchId, batch.id), MOST_ACTIONS),
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
  const lists = new Map<
    number,
    { readonly study: typeof studies.$inferSelect; readonly seriesList: SeriesSummary[] }
  >();
  for (const { study, one, instanceCount, bytes } of rows) {
    const list = lists.get(study.id) ?? { study, seriesList: [] };
    lists.set(study.id, list);
    const { seriesInstanceUid, modality, seriesNumber } = { ...one, ...said.series.get(one.id) };
    list.seriesList.push({ seriesInstanceUid, modality, seriesNumber, instances: instanceCount, bytes });
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

function toSummary(batch: typeof batches.$inferSelect, root: string): BatchSummary {
  const { filesDone, filesTotal, bytesDone, progressMs } = batch;
  const isReading = batch.status === 'PROCESSING' && filesDone !== null && filesTotal !== null;
  return {
    id: String(batch.id),
    root,
    path: batch.path,
    renamedTo: batch.renamedTo === null ? null : toCurrentAbsolute(batch),
    name: batch.name,
    status: batch.status,
    generation: batch.generation,
    studies: batch.studies,
    series: batch.series,
    instances: batch.instances,
    findings: batch.findings,
    isLate: batch.ignoredDigest !== null && batch.vanishedAt === null,
    createdAt: batch.createdAt.toISOString(),
    finishedAt: batch.finishedAt?.toISOString() ?? null,
    progress: isReading
      ? toRatedProgress({ filesDone, filesTotal, bytesDone: bytesDone ?? 0, elapsedMs: progressMs ?? 0 })
      : null,
  };
}
