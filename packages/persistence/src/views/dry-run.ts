import type { DryRun, DryRunQuery } from '@sendit/api';
import type { ManifestFile } from '@sendit/model';
import { and, desc, eq, gte, inArray, lt } from 'drizzle-orm';
import { readManifest } from '../batches/manifests.ts';
import type { Connection, Queries } from '../engine/connection.ts';
import { batches } from '../schema/schema.ts';
import { isOfRoot } from './list-batches.ts';
import { isJoined, judgeQuiet, type SealedPast, toTimes } from './quiet-history.ts';

/** The newest batches that a dry run looks at. */
const MOST = 2_000;
/** Files of which it reads the times. */
const MOST_FILES = 1_000_000;
/** Batches that it names of each kind. */
const NAMED = 50;
const WEEK_MS = 7 * 86_400_000;

/** What another quiet time would have made of the batches of the last week, by the times in their sealed lists. */
export async function dryRunQuiet(connection: Connection, query: DryRunQuery, now: Date): Promise<DryRun> {
  const { quietMs = 60_000 } = query;
  const since = query.since === undefined ? new Date(now.getTime() - WEEK_MS) : new Date(query.since);
  const rows = await connection.run((db) => list(db, query.root, since));
  const counts = { otherProof: 0, unknown: 0, unchanged: 0 };
  const split: { batchId: string; pauseMs: number }[] = [];
  const joined: string[] = [];
  const moved: number[] = [];
  let [files, considered] = [0, 0];
  for (const row of rows) {
    files += row.files;
    if (files > MOST_FILES && considered > 0) break;
    considered += 1;
    const past = await toPast(connection, row);
    if (isJoined(past, quietMs)) joined.push(past.id);
    const outcome = judgeQuiet(past, quietMs);
    if (outcome.kind === 'other-proof') counts.otherProof += 1;
    else if (outcome.kind === 'unknown') counts.unknown += 1;
    else if (outcome.kind === 'split') split.push({ batchId: past.id, pauseMs: outcome.pauseMs });
    else moved.push(outcome.laterMs);
  }
  const later = moved.filter((ms) => ms > 0).toSorted((a, b) => a - b);
  const earlier = moved.filter((ms) => ms < 0).toSorted((a, b) => a - b);
  return {
    quietMs,
    since: since.toISOString(),
    considered,
    otherProof: counts.otherProof,
    unknown: counts.unknown,
    later: { count: later.length, medianMs: toMedian(later), mostMs: later.at(-1) ?? 0 },
    earlier: { count: earlier.length, medianMs: -toMedian(earlier), mostMs: -(earlier[0] ?? 0) },
    split: { count: split.length, batches: split.toSorted((a, b) => b.pauseMs - a.pauseMs).slice(0, NAMED) },
    joined: { count: joined.length, batches: joined.slice(0, NAMED) },
  };
}

type Row = Awaited<ReturnType<typeof list>>[number];

function list(db: Queries, root: string | undefined, since: Date) {
  const which = and(gte(batches.createdAt, since), root === undefined ? undefined : isOfRoot(db, root));
  return db
    .select({
      id: batches.id,
      rootId: batches.rootId,
      relativePath: batches.relativePath,
      generation: batches.generation,
      grade: batches.grade,
      files: batches.files,
      createdAt: batches.createdAt,
    })
    .from(batches)
    .where(which)
    .orderBy(desc(batches.id))
    .limit(MOST);
}

async function toPast(connection: Connection, row: Row): Promise<SealedPast> {
  const sealedAt = row.createdAt.getTime();
  const past = { id: String(row.id), grade: row.grade, sealedAt };
  const isAsked = row.grade === 'quiet' || row.generation > 1;
  const times = isAsked ? await readTimes(connection, row.id, sealedAt) : [];
  const before = row.generation > 1 ? await readBefore(connection, row) : null;
  return { ...past, times, before };
}

async function readBefore(connection: Connection, row: Row): Promise<SealedPast['before']> {
  const [before] = await connection.run((db) =>
    db
      .select({ id: batches.id, grade: batches.grade, createdAt: batches.createdAt })
      .from(batches)
      .where(
        and(
          eq(batches.rootId, row.rootId),
          eq(batches.relativePath, row.relativePath),
          lt(batches.generation, row.generation),
          inArray(batches.grade, ['quiet']),
        ),
      )
      .orderBy(desc(batches.generation))
      .limit(1),
  );
  if (before === undefined) return null;
  const lastAt = (await readTimes(connection, before.id, before.createdAt.getTime())).at(-1);
  return lastAt === undefined ? null : { grade: before.grade, lastAt };
}

async function readTimes(connection: Connection, batchId: number, sealedAt: number): Promise<readonly number[]> {
  const files: ManifestFile[] = [];
  for await (const part of readManifest(connection, batchId)) files.push(...part);
  return toTimes(files, sealedAt);
}

function toMedian(sorted: readonly number[]): number {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
