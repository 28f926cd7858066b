import type { LatePolicy, ManifestFile, SealRequest, SeenDirectory } from '@sendit/model';
import { createHash } from 'node:crypto';
import { and, asc, desc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { compareFiles, keepsSealedFile } from './changed-files.ts';
import type { Queries } from '../engine/connection.ts';
import { toCurrentPath } from './current-path.ts';
import { readManifest } from './manifests.ts';
import { batches } from '../schema/schema.ts';
import { isMoving } from '../actions/plan-actions.ts';
import { type JudgedFiles, judgeTouched } from './touched-files.ts';
import { toStoredText } from '../schema/stored-text.ts';

type BatchRow = typeof batches.$inferSelect;

/** Maximum per answer; the rest comes with the next. */
const AMENDED_AT_ONCE = 500;

/** Plan for the next generation of a recorded directory. */
export interface NextGeneration extends Pick<SealRequest, 'files' | 'bytes' | 'manifest'> {
  /** Only what came late. */
  readonly isDelta: boolean;
  /** It waits for a person. */
  readonly isHeld: boolean;
}

/** All of a directory, to be imported. */
export function toWhole({ files, bytes, manifest }: SealRequest): NextGeneration {
  return { files, bytes, manifest, isDelta: false, isHeld: false };
}

/**
 * Whether the sealed content is gone, noticed or not: another directory has its name, or no file of the series or study
 * is a sealed one.
 */
export async function isReplaced(
  tx: Queries,
  batch: BatchRow,
  { manifest, signature }: Pick<SeenDirectory, 'manifest'> & Pick<SealRequest, 'signature'>,
): Promise<boolean> {
  const now = signature?.identity;
  if (batch.unit === 'directory')
    return batch.signature !== null && now !== undefined && batch.signature.identity !== now;
  // Of one that was pruned nobody knows its files.
  if (manifest === undefined || batch.prunedAt !== null) return false;
  return !(await keepsSealedFile(manifest, await readEarlier(tx, batch), batch.createdAt.getTime()));
}

type Seen = Pick<SeenDirectory, 'manifest' | 'manifestDigest' | 'keepsInodes' | 'touched'> &
  Pick<SealRequest, 'signature'>;

/** What a look saw of a recorded batch. */
interface SeenContent {
  readonly digest: string;
  /** Files to be read again: until then the digest says nothing. */
  readonly unread: JudgedFiles['unread'];
}

/**
 * The digest of what a look saw of a recorded batch: that of its manifest, unless that is the sealed one and all the same some files were
 * put in the place of sealed ones with their names, sizes and times, or overwritten in place. What is there again, or was sent again as it was, is no such thing:
 * then none of the sealed files is left.
 */
export async function toSeenContent(tx: Queries, batch: BatchRow, seen: Seen): Promise<SeenContent> {
  const { manifest, manifestDigest } = seen;
  const asItWas = { digest: manifestDigest, unread: [] };
  const isAsSealed =
    batch.manifestDigest === manifestDigest && batch.missingSince === null && batch.vanishedAt === null;
  if (!isAsSealed || manifest === undefined || batch.prunedAt !== null) return asItWas;
  const { exchanged, others, unread } = await compareWithEarlier(tx, batch, { ...seen, manifest });
  if (unread.length > 0) return { ...asItWas, unread };
  // What cannot be read now says nothing new.
  const isUnknown = batch.ignoredDigest !== null && [...(seen.touched ?? [])].some(([, digest]) => digest === null);
  if (isUnknown) return { ...asItWas, digest: batch.ignoredDigest ?? manifestDigest };
  if (exchanged.length + others.length === 0 || (await isReplaced(tx, batch, seen))) return asItWas;
  const hash = createHash('sha256').update(manifestDigest);
  for (const { bornNs, inode, path } of exchanged) hash.update(`\n${path}\0${bornNs ?? inode}`);
  for (const { digest, file } of others) hash.update(`\n${file.path}\0${digest}`);
  return { digest: hash.digest('hex'), unread };
}

interface ComparedBatch extends JudgedFiles {
  readonly exchanged: readonly ManifestFile[];
}

/** The files of a look beside the sealed ones. What our own hand moves away, it touches. */
async function compareWithEarlier(
  tx: Queries,
  batch: BatchRow,
  seen: Seen & { readonly manifest: Iterable<ManifestFile> },
): Promise<ComparedBatch> {
  const batchIds = await listBackToWhole(tx, batch);
  const { changed: exchanged, touched } = await compareFiles(seen.manifest, readAll(tx, batchIds), seen);
  if (touched.length === 0 || (await isMoving(tx, batch))) return { exchanged, others: [], unread: [] };
  return { exchanged, ...(await judgeTouched(tx, touched, { batchIds, digests: seen.touched })) };
}

/** A changed content that nobody processes: by the policy, or since it was left alone before, under another policy or by an older version. */
export function isLeftAlone(
  { amendSince, ignoredDigest }: BatchRow,
  { late, manifestDigest }: { readonly late: LatePolicy; readonly manifestDigest: string },
): boolean {
  return amendSince === null && (late === 'ignore' || ignoredDigest === manifestDigest);
}

/**
 * Plans the next generation of a directory whose files differ from its newest one; undefined for none. Vanished files
 * alone make no generation: they cannot be imported.
 */
export async function planNext(
  tx: Queries,
  newest: BatchRow,
  request: SealRequest,
): Promise<NextGeneration | undefined> {
  if (newest.vanishedAt !== null || (await isReplaced(tx, newest, request))) return toWhole(request);
  const { manifestDigest } = request;
  const late = newest.amendSince === null ? (request.late ?? 'ignore') : 'amend';
  if (isLeftAlone(newest, { late, manifestDigest })) return undefined;
  // What came is not told from what was there: all of it is the next one, and instances that are recorded count once.
  if (newest.prunedAt !== null) return { ...toWhole(request), isHeld: late === 'hold' };
  const { exchanged, others } = await compareWithEarlier(tx, newest, request);
  const changed = others.length === 0 ? exchanged : inOrder([...exchanged, ...others.map(({ file }) => file)]);
  if (changed.length === 0) return undefined;
  // Of one that was renamed the generations before stand under its old name: all of it is the next one.
  if (late !== 'amend' || newest.relativePath !== toStoredText(request.relativePath))
    return { ...toWhole(request), isHeld: late === 'hold' };
  const bytes = changed.reduce((sum, file) => sum + file.bytes, 0);
  return { files: changed.length, bytes, manifest: changed, isDelta: true, isHeld: false };
}

/** The files of the newest generation, and of those before it back to one that is more than a delta, newest first. */
async function readEarlier(tx: Queries, newest: BatchRow): Promise<AsyncIterable<readonly ManifestFile[]>[]> {
  return readAll(tx, await listBackToWhole(tx, newest));
}

function readAll(tx: Queries, batchIds: readonly number[]): AsyncIterable<readonly ManifestFile[]>[] {
  return batchIds.map((id) => readManifest({ run: (work) => work(tx) }, id));
}

function inOrder(files: readonly ManifestFile[]): readonly ManifestFile[] {
  const toBytes = ({ path, rawPath }: ManifestFile): Buffer => Buffer.from((rawPath ?? path) as Uint8Array);
  return files.toSorted((one, other) => Buffer.compare(toBytes(one), toBytes(other)));
}

/** A generation and those before it, newest first, back to the first that is more than what came late. */
export async function listBackToWhole(
  db: Queries,
  { generation, relativePath, rootId }: Pick<BatchRow, 'generation' | 'relativePath' | 'rootId'>,
): Promise<readonly number[]> {
  const rows = await db
    .select({ id: batches.id, isDelta: batches.isDelta })
    .from(batches)
    .where(and(eq(batches.rootId, rootId), eq(batches.relativePath, relativePath), lte(batches.generation, generation)))
    .orderBy(desc(batches.generation));
  const whole = rows.findIndex(({ isDelta }) => !isDelta);
  return rows.slice(0, whole + 1).map(({ id }) => id);
}

/** A person wants what came late and is left: the watcher seals it at its next scan. False where nothing is. */
export async function amendBatch(tx: Queries, { id, ignoredDigest, vanishedAt }: BatchRow): Promise<boolean> {
  if (ignoredDigest === null || vanishedAt !== null) return false;
  await tx.update(batches).set({ amendSince: sql`now()` }).where(eq(batches.id, id));
  return true;
}

/** Paths below a root of what a person wants amended and nobody has sealed yet, the longest waiting first. */
export async function listAmending(db: Queries, rootId: number): Promise<readonly string[]> {
  const rows = await db
    .select({ relativePath: batches.relativePath, renamedTo: batches.renamedTo })
    .from(batches)
    .where(
      and(
        eq(batches.rootId, rootId),
        isNotNull(batches.ignoredDigest),
        isNotNull(batches.amendSince),
        isNull(batches.vanishedAt),
      ),
    )
    .orderBy(asc(batches.amendSince))
    .limit(AMENDED_AT_ONCE);
  return rows.map(toCurrentPath);
}
