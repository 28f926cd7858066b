import type {
  FindingQuery,
  FindingRow,
  ImageQuery,
  ImageRow,
  Page,
  SeriesQuery,
  SeriesRow,
  StudyQuery,
  StudyRow,
} from '@sendit/api';
import { and, count, countDistinct, eq, exists, gte, inArray, lt, type SQL, sql, sum } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { rowId } from '../schema/rows.ts';
import { batches, findings, instances, roots, series, studies } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';
import { isOfRoot } from './list-batches.ts';
import { readPage } from './keyset.ts';

/** Ids of batches that are named with a study. */
const MOST_BATCHES = 20;

/** Images that count: a duplicate counts where it came first. */
const counts = eq(instances.standing, 'first');

/** Studies, the newest first. What has no image is of an import that has not ended. */
export async function listStudies(db: Queries, query: StudyQuery): Promise<Page<StudyRow>> {
  const which = and(
    query.study === undefined ? undefined : eq(studies.studyInstanceUid, toStoredText(query.study)),
    query.since === undefined ? undefined : gte(studies.createdAt, new Date(query.since)),
    query.until === undefined ? undefined : lt(studies.createdAt, new Date(query.until)),
    query.batch === undefined ? undefined : inArray(studies.id, ofBatch(db, query.batch, series.studyId)),
  );
  // Counted without it: to look for an image of each of a hundred thousand takes a second.
  const isSeen = hasImage(db, eq(series.studyId, studies.id));
  const page = await readPage<typeof studies.$inferSelect, typeof studies.$inferSelect>(query, {
    name: 'studies',
    keys: [{ column: studies.id, order: 'desc', type: 'bigint' }],
    keyOf: ({ id }) => [id],
    select: async ({ where, orderBy, limit }) =>
      await db
        .select()
        .from(studies)
        .where(and(which, isSeen, where))
        .orderBy(...orderBy)
        .limit(limit),
    count: () => db.$count(studies, which),
    toItem: (row) => row,
  });
  const about = await readAboutStudies(
    db,
    page.results.map(({ id }) => id),
  );
  return {
    ...page,
    results: page.results.map(({ createdAt, id, studyDate, studyInstanceUid }) => ({
      id: String(id),
      studyInstanceUid,
      studyDate,
      modalities: [],
      series: 0,
      instances: 0,
      bytes: 0,
      batches: [],
      ...about.get(id),
      createdAt: createdAt.toISOString(),
    })),
  };
}

type AboutStudy = Pick<StudyRow, 'modalities' | 'series' | 'instances' | 'bytes' | 'batches'>;

async function readAboutStudies(db: Queries, ids: readonly number[]): Promise<ReadonlyMap<number, AboutStudy>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      id: series.studyId,
      series: countDistinct(series.id),
      instances: sql`count(*) filter (where ${counts})`.mapWith(Number),
      bytes: sql`coalesce(sum(${instances.bytes}) filter (where ${counts}), 0)`.mapWith(Number),
      modalities: sql<string | null>`string_agg(distinct ${series.modality}, E'\\n')`,
      batches: sql<string>`string_agg(distinct ${instances.batchId}::text, ',')`,
    })
    .from(instances)
    .innerJoin(series, eq(series.id, instances.seriesId))
    .where(inArray(series.studyId, [...ids]))
    .groupBy(series.studyId);
  return new Map(
    rows.map(({ id, ...row }) => {
      const newest = row.batches
        .split(',')
        .map(Number)
        .toSorted((a, b) => b - a);
      return [
        id,
        {
          ...row,
          modalities: (row.modalities?.split('\n') ?? []).toSorted(),
          batches: newest.slice(0, MOST_BATCHES).map(String),
        },
      ];
    }),
  );
}

/** Series, the newest first. */
export async function listSeries(db: Queries, query: SeriesQuery): Promise<Page<SeriesRow>> {
  const which = and(
    query.series === undefined ? undefined : eq(series.seriesInstanceUid, toStoredText(query.series)),
    query.study === undefined ? undefined : eq(studies.studyInstanceUid, toStoredText(query.study)),
    query.modality === undefined ? undefined : eq(series.modality, toStoredText(query.modality)),
    query.batch === undefined ? undefined : inArray(series.id, ofBatch(db, query.batch, series.id)),
  );
  const isSeen = exists(db.select({ one: sql`1` }).from(instances).where(sql`${instances.seriesId} = ${series.id}`));
  const source = () => db.select({ id: series.id }).from(series).innerJoin(studies, eq(studies.id, series.studyId));
  const page = await readPage(query, {
    name: 'series',
    keys: [{ column: series.id, order: 'desc', type: 'bigint' }],
    keyOf: ({ one }) => [one.id],
    select: async ({ where, orderBy, limit }) =>
      await db
        .select({ one: series, studyInstanceUid: studies.studyInstanceUid })
        .from(series)
        .innerJoin(studies, eq(studies.id, series.studyId))
        .where(and(which, isSeen, where))
        .orderBy(...orderBy)
        .limit(limit),
    count: async () => await db.$count(source().where(which).as('found')),
    toItem: (row: { readonly one: typeof series.$inferSelect; readonly studyInstanceUid: string }) => row,
  });
  const about = await readAboutSeries(
    db,
    page.results.map(({ one }) => one.id),
  );
  return {
    ...page,
    results: page.results.map(({ one, studyInstanceUid }) => ({
      id: String(one.id),
      seriesInstanceUid: one.seriesInstanceUid,
      studyInstanceUid,
      modality: one.modality,
      seriesNumber: one.seriesNumber,
      bodyPartExamined: one.bodyPartExamined,
      instances: 0,
      bytes: 0,
      ...about.get(one.id),
      createdAt: one.createdAt.toISOString(),
    })),
  };
}

async function readAboutSeries(
  db: Queries,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Pick<SeriesRow, 'instances' | 'bytes'>>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: instances.seriesId, instances: count(), bytes: sum(instances.bytes).mapWith(Number) })
    .from(instances)
    .where(and(inArray(instances.seriesId, [...ids]), counts))
    .groupBy(instances.seriesId);
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

/** Images as their batches have them. */
export async function listImages(db: Queries, query: ImageQuery): Promise<Page<ImageRow>> {
  const which = and(
    query.batch === undefined ? undefined : eq(instances.batchId, rowId(query.batch)),
    query.image === undefined ? undefined : eq(instances.sopInstanceUid, toStoredText(query.image)),
    query.series === undefined
      ? undefined
      : inArray(
          instances.seriesId,
          db
            .select({ id: series.id })
            .from(series)
            .where(eq(series.seriesInstanceUid, toStoredText(query.series))),
        ),
  );
  return await readPage<{ readonly one: typeof instances.$inferSelect; readonly seriesInstanceUid: string }, ImageRow>(
    query,
    {
      name: 'images',
      keys: [
        { column: instances.batchId, order: 'asc', type: 'bigint' },
        { column: instances.sopInstanceUid, order: 'asc', type: 'text' },
      ],
      keyOf: ({ one }) => [one.batchId, one.sopInstanceUid],
      select: async ({ where, orderBy, limit }) =>
        await db
          .select({ one: instances, seriesInstanceUid: series.seriesInstanceUid })
          .from(instances)
          .innerJoin(series, eq(series.id, instances.seriesId))
          .where(and(which, where))
          .orderBy(...orderBy)
          .limit(limit),
      // To count millions takes seconds; every batch knows its own.
      count: async () => {
        if (which !== undefined) return await db.$count(instances, which);
        const [row] = await db.select({ all: sum(batches.instances).mapWith(Number) }).from(batches);
        return row?.all ?? 0;
      },
      toItem: ({ one, seriesInstanceUid }) => ({
        sopInstanceUid: one.sopInstanceUid,
        seriesInstanceUid,
        batchId: String(one.batchId),
        instanceNumber: one.instanceNumber,
        sopClassUid: one.sopClassUid,
        transferSyntaxUid: one.transferSyntaxUid,
        path: one.path,
        bytes: one.bytes,
        isWhole: one.isWhole,
        digest: one.digest,
        digestAlgorithm: one.digestAlgorithm,
        standing: one.standing,
      }),
    },
  );
}

/** Findings, the newest batch's first. */
export async function listFindings(db: Queries, query: FindingQuery): Promise<Page<FindingRow>> {
  const which = and(
    query.batch === undefined ? undefined : eq(findings.batchId, rowId(query.batch)),
    query.code === undefined ? undefined : eq(findings.code, query.code),
    query.severity === undefined ? undefined : inArray(findings.severity, [...query.severity]),
    query.root === undefined
      ? undefined
      : inArray(findings.batchId, db.select({ id: batches.id }).from(batches).where(isOfRoot(db, query.root))),
  );
  return await readPage<{ readonly one: typeof findings.$inferSelect; readonly root: string }, FindingRow>(query, {
    name: 'findings',
    keys: [{ column: findings.id, order: 'desc', type: 'bigint' }],
    keyOf: ({ one }) => [one.id],
    select: async ({ where, orderBy, limit }) =>
      await db
        .select({ one: findings, root: roots.name })
        .from(findings)
        .innerJoin(batches, eq(batches.id, findings.batchId))
        .innerJoin(roots, eq(roots.id, batches.rootId))
        .where(and(which, where))
        .orderBy(...orderBy)
        .limit(limit),
    count: () => db.$count(findings, which),
    toItem: ({ one, root }) => ({ ...one, id: String(one.id), batchId: String(one.batchId), root }),
  });
}

function hasImage(db: Queries, of: SQL): SQL {
  return exists(
    db.select({ one: sql`1` }).from(instances).innerJoin(series, eq(series.id, instances.seriesId)).where(of),
  );
}

function ofBatch(db: Queries, batch: string, column: typeof series.studyId | typeof series.id) {
  return db
    .selectDistinct({ id: column })
    .from(instances)
    .innerJoin(series, eq(series.id, instances.seriesId))
    .where(eq(instances.batchId, rowId(batch)));
}
