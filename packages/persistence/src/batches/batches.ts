import type {
  BatchDetail,
  BatchQuery,
  BatchSummary,
  Page,
  PrunePage,
  PruneQuery,
  RetryOutcome,
  RetryPage,
  RetryQuery,
} from '@sendit/api';
import type { HeldCounts, KnownBatch, ManifestFile, SeenDirectory, SeenOutcome, UnreadableBatch } from '@sendit/model';
import { and, asc, count, eq, gt, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { listBatches } from '../views/list-batches.ts';
import { showBatch } from '../views/show-batch.ts';
import { isUnseen } from '../people/acknowledge.ts';
import type { Connection, Queries } from '../engine/connection.ts';
import { listAmending } from './late-arrivals.ts';
import { readManifest } from './manifests.ts';
import { markQueued } from './mark-queued.ts';
import { listUnreadable, reopenUnreadable } from './reopen.ts';
import { pruneBatches } from './prune.ts';
import { retryBatch, retryBatches } from './retry.ts';
import { findNewestAt } from './current-path.ts';
import { rowId, toChunks } from '../schema/rows.ts';
import { batches } from '../schema/schema.ts';
import { noteSeen } from './seal.ts';
import { createSealing } from './seal-group.ts';
import { readSealedSample, type SealedSample } from './sealed-sample.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** Sealed directories and their life: what the ports of the use-cases ask, and more; see {@link toBatchStore}. */
export type BatchStore = ReturnType<typeof toBatchStore>;

const PATHS_PER_QUERY = 1_000;

/** The batches of a database. */
export function toBatchStore(connection: Connection) {
  return {
    /** Records a finished directory, its files and its message to the queue in one transaction; races between watchers give one seal. */
    seal: createSealing(connection),
    /** The newest recorded generation of each of these paths below a root; paths never recorded are left out. */
    findKnown: (rootId: string, relativePaths: readonly string[]): Promise<ReadonlyMap<string, KnownBatch>> =>
      findKnown(connection, rowId(rootId), relativePaths),
    /**
     * Recorded paths under a root not known to be gone, in order of the paths, after a given one; a path may appear
     * twice.
     */
    listThere: (rootId: string, page: { readonly after: string; readonly limit: number }): Promise<readonly string[]> =>
      connection.run((db) => listThere(db, rowId(rootId), page)),
    /** The newest that are recorded and not known to be gone, each with a few of its sealed files: tells a file system again. */
    sampleThere: (rootId: string, limit: number): Promise<readonly SealedSample[]> =>
      connection.run((db) => readSealedSample(db, rowId(rootId), limit)),
    /** Paths under a root that a person wants amended and that are not sealed yet: at most 500, longest wait first. */
    listAmending: (rootId: string): Promise<readonly string[]> =>
      connection.run((db) => listAmending(db, rowId(rootId))),
    /** Records the result of a look at a recorded directory, without sealing anything. */
    noteSeen: (batchId: string, seen: SeenDirectory): Promise<SeenOutcome> =>
      connection.transaction((tx) => noteSeen(tx, rowId(batchId), seen)),
    /** Notes that a directory disappeared: a later one with other content is the next generation. Idempotent. */
    markVanished: (rootId: string, relativePath: string): Promise<void> =>
      connection.transaction((tx) => markVanished(tx, rowId(rootId), toStoredText(relativePath))),
    /** The files of a batch as they were sealed, in byte order of the path, in parts of some thousands; none of an unknown batch. */
    manifest: (batchId: string): AsyncIterable<readonly ManifestFile[]> => readManifest(connection, rowId(batchId)),
    /** NEW → QUEUE for batches handed to the queue; those further on are left alone. */
    markQueued: (batchIds: readonly string[]): Promise<void> =>
      connection.run((db) => markQueued(db, batchIds.map(rowId))),
    /** Newest first. */
    list: (query: BatchQuery): Promise<Page<BatchSummary>> => connection.run((db) => listBatches(db, query)),
    /** By id, path, name or UID; see `resolveBatch`. */
    show: (ref: string): Promise<BatchDetail | undefined> => connection.run((db) => showBatch(db, ref)),
    /** Batches that changed after their seal and are left as they are: their directory is there, and nobody has said `amend`. */
    countLate: (): Promise<number> =>
      connection.run((db) =>
        db.$count(batches, and(isNotNull(batches.ignoredDigest), isNull(batches.vanishedAt), isUnseen)),
      ),
    /** Batches that stand still until a person does something, and that nobody has acknowledged, by cause. */
    countHeld: (): Promise<HeldCounts> => connection.run(countHeld),
    /** A root's batches that are HELD because files cannot be read, and are due for another try; waits grow. */
    listUnreadable: (rootId: string): Promise<readonly UnreadableBatch[]> =>
      connection.run((db) => listUnreadable(db, rowId(rootId))),
    /** HELD → NEW with a new message, once the files can be read. False if it no longer waits for that. */
    reopenUnreadable: (batchId: string): Promise<boolean> =>
      connection.transaction((tx) => reopenUnreadable(tx, rowId(batchId))),
    /**
     * ERROR, QUARANTINED, HELD or EMPTY → NEW with a new message to the queue; `ref` as in `show`. One that is held because files vanished
     * is imported without them.
     */
    retry: (ref: string, by?: string): Promise<RetryOutcome> => connection.transaction((tx) => retryBatch(tx, ref, by)),
    /** The same for every batch that a query names, one page in one transaction. */
    /** Takes away the lists of a slice of old batches; repeated, it finds nothing more to do. */
    prune: (query: PruneQuery): Promise<PrunePage> => connection.transaction((tx) => pruneBatches(tx, query)),
    retryMany: (query: RetryQuery): Promise<RetryPage> => connection.transaction((tx) => retryBatches(tx, query)),
  };
}

/** Counts HELD batches by cause, by the index on the status. */
async function countHeld(db: Queries): Promise<HeldCounts> {
  const isMissing = isNotNull(batches.missingSince);
  const isUnreadable = isNotNull(batches.unreadableSince);
  const rows = await db
    .select({ status: batches.status, isMissing, isUnreadable, number: count() })
    .from(batches)
    .where(and(inArray(batches.status, ['HELD', 'ERROR', 'QUARANTINED']), isUnseen))
    .groupBy(batches.status, isMissing, isUnreadable);
  const sum = (counted: (row: (typeof rows)[number]) => unknown): number =>
    rows.reduce((all, row) => (counted(row) === true ? all + row.number : all), 0);
  return {
    missing: sum((row) => row.status === 'HELD' && row.isMissing),
    unreadable: sum((row) => row.status === 'HELD' && row.isUnreadable),
    held: sum((row) => row.status === 'HELD' && row.isMissing === false && row.isUnreadable === false),
    failed: sum((row) => row.status === 'ERROR'),
    quarantined: sum((row) => row.status === 'QUARANTINED'),
  };
}

async function findKnown(
  connection: Connection,
  rootId: number,
  relativePaths: readonly string[],
): Promise<ReadonlyMap<string, KnownBatch>> {
  const given = new Map(relativePaths.map((path) => [toStoredText(path), path]));
  const known = new Map<string, KnownBatch>();
  for (const paths of toChunks([...given.keys()], PATHS_PER_QUERY)) {
    const newest = await connection.run((db) => findNewestAt(db, rootId, paths));
    for (const [path, { id, status, manifestDigest, vanishedAt, signature, ...since }] of newest) {
      known.set(given.get(path) ?? path, {
        batchId: String(id),
        status,
        manifestDigest,
        vanished: vanishedAt !== null,
        signature,
        isWaiting: since.missingSince !== null || since.amendSince !== null,
      });
    }
  }
  return known;
}

async function listThere(
  db: Queries,
  rootId: number,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const from = toStoredText(after);
  const there = and(eq(batches.rootId, rootId), isNull(batches.vanishedAt));
  const sealed = db
    .select({ path: batches.relativePath })
    .from(batches)
    .where(and(there, isNull(batches.renamedTo), gt(batches.relativePath, from)))
    .orderBy(asc(batches.relativePath))
    .limit(limit);
  const renamed = db
    .select({ path: sql<string>`${batches.renamedTo}` })
    .from(batches)
    .where(and(there, gt(batches.renamedTo, from)))
    .orderBy(asc(batches.renamedTo))
    .limit(limit);
  const rows = await unionAll(sealed, renamed).orderBy(sql`1`).limit(limit);
  return rows.map(({ path }) => path);
}

async function markVanished(db: Queries, rootId: number, relativePath: string): Promise<void> {
  const newest = (await findNewestAt(db, rootId, [relativePath])).get(relativePath);
  if (newest === undefined || newest.vanishedAt !== null) return;
  await db
    .update(batches)
    .set({ vanishedAt: sql`now()` })
    .where(and(eq(batches.id, newest.id), isNull(batches.vanishedAt)));
}
