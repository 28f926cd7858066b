import type { LatePolicy, ManifestFile, SealRequest, SeenDirectory } from '@sendit/model';
import { createHash } from 'node:crypto';
import { and, asc, desc, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { collectChanged, keepsSealedFile } from './changed-files.ts';
import type { Queries } from '../engine/connection.ts';
import { toCurrentPath } from './current-path.ts';
import { readManifest } from './manifests.ts';
import { batches } from '../schema/schema.ts';
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
  if (manifest === undefined) return false;
  return !(await keepsSealedFile(manifest, await readEarlier(tx, batch), batch.createdAt.getTime()));
}

/**
 * The digest of what a look saw of a recorded batch: that of its manifest, unless that is the sealed one and all the same some files were
 * put in the place of sealed ones with their names, sizes and times. What is there again, or was sent again as it was, is no such thing:
 * then none of the sealed files is left.
 */
export async function toSeenDigest(
  tx: Queries,
  batch: BatchRow,
  seen: Pick<SeenDirectory, 'manifest' | 'manifestDigest' | 'keepsInodes'> & Pick<SealRequest, 'signature'>,
): Promise<string> {
  const { manifest, manifestDigest } = seen;
  const isAsSealed =
    batch.manifestDigest === manifestDigest && batch.missingSince === null && batch.vanishedAt === null;
  if (!isAsSealed || manifest === undefined) return manifestDigest;
  const exchanged = await collectChanged(manifest, await readEarlier(tx, batch), seen);
  if (exchanged.length === 0 || (await isReplaced(tx, batch, seen))) return manifestDigest;
  const digest = createHash('sha256').update(manifestDigest);
  for (const { bornNs, inode, path } of exchanged) digest.update(`\n${path}\0${bornNs ?? inode}`);
  return digest.digest('hex');
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
  const { manifest, manifestDigest } = request;
  const late = newest.amendSince === null ? (request.late ?? 'ignore') : 'amend';
  if (isLeftAlone(newest, { late, manifestDigest })) return undefined;
  const changed = await collectChanged(manifest, await readEarlier(tx, newest), request);
  if (changed.length === 0) return undefined;
  // Of one that was renamed the generations before stand under its old name: all of it is the next one.
  if (late !== 'amend' || newest.relativePath !== toStoredText(request.relativePath))
    return { ...toWhole(request), isHeld: late === 'hold' };
  const bytes = changed.reduce((sum, file) => sum + file.bytes, 0);
  return { files: changed.length, bytes, manifest: changed, isDelta: true, isHeld: false };
}

/** The files of the newest generation, and of those before it back to one that is more than a delta, newest first. */
async function readEarlier(tx: Queries, newest: BatchRow): Promise<AsyncIterable<readonly ManifestFile[]>[]> {
  const ids = await listBackToWhole(tx, newest);
  return ids.map((id) => readManifest({ run: (work) => work(tx) }, id));
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
