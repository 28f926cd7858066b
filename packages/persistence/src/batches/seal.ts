import type { SealOutcome, SealRequest, SeenDirectory, SeenOutcome } from '@sendit/model';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { findPlace, findRenamed, toCurrentPath } from './current-path.ts';
import { isDirectory, toNote } from './directories.ts';
import { isLeftAlone, isReplaced, planNext, toSeenContent, toWhole } from './late-arrivals.ts';
import { insertManifest } from './manifests.ts';
import { isMoving, planEvent } from '../actions/plan-actions.ts';
import { reopenMissing } from './reopen.ts';
import { rowId } from '../schema/rows.ts';
import { audit, batches, directories, outbox } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

const HELD_LATE = 'Files came or changed after the seal; the policy of the watch path holds them for a person.';

/**
 * Records a finished directory, its files and its message to the queue, within the caller's transaction.
 *
 * Newest generation of the path | its digest | it vanished | outcome
 * none                          |            |             | sealed, generation 1
 * none, or vanished             | of another path, the same directory by device, inode and birth time | renamed: that batch follows it
 * n                             | same       | any         | known; it is there again, so no longer vanished; reopened when it was held for that
 * n                             | same, and some files took the place of sealed ones | no | as another digest
 * n                             | same, and some files have another change time | no | known, to be asked again with the digests of these
 * n                             | other      | yes         | sealed, generation n + 1
 * n                             | other      | replaced    | sealed, generation n + 1: another directory under the same name, or none of a unit's sealed files, proves that it went away
 * n                             | other      | no          | by the late-arrival policy: known, changed, counted once for each new content; or
 *                               |            |             | sealed or held, generation n + 1
 *
 * What would be sealed and is held or set aside by a person is kept back. What was remembered of a directory ends with its seal; what a
 * person decided about it is the batch's from then on.
 *
 * Two watchers that seal one directory at once meet at the unique constraint: the later one finds nothing inserted, reads again
 * and sees the other's row.
 */
export async function sealBatch(tx: Queries, request: SealRequest): Promise<SealOutcome> {
  for (;;) {
    const { newest, nextGeneration } = await findPlace(tx, rowId(request.rootId), toStoredText(request.relativePath));
    // What is recorded is compared with this; what is sealed has the digest of its own manifest.
    const content = newest && (await toSeenContent(tx, newest, request));
    if (newest !== undefined && content !== undefined && content.unread.length > 0) {
      const { generation, id, status } = newest;
      const known = { kind: 'known', batchId: String(id), generation, status } as const;
      return { ...known, changed: false, isLate: false, touched: content.unread };
    }
    const seen = content === undefined ? request : { ...request, manifestDigest: content.digest };
    if (newest?.manifestDigest === seen.manifestDigest) return toKnown(tx, newest, request);
    if (newest === undefined || newest.vanishedAt !== null) {
      const renamed = await follow(tx, request);
      if (renamed !== undefined) return renamed;
    }
    // Its files leave by our own hand: what is left of them is no change.
    if (newest !== undefined && (await isMoving(tx, newest))) {
      const { generation, id, status } = newest;
      return { kind: 'known', batchId: String(id), generation, status, changed: false, isLate: false };
    }
    const next = newest === undefined ? toWhole(request) : await planNext(tx, newest, seen);
    if (newest !== undefined && next === undefined) return toKnown(tx, newest, seen);
    if (next === undefined) throw new TypeError('Expected a first generation to be planned');
    const [batch] = await tx
      .insert(batches)
      .values({
        rootId: rowId(request.rootId),
        unit: request.unit,
        relativePath: toStoredText(request.relativePath),
        generation: nextGeneration,
        path: toStoredText(request.path),
        name: toStoredText(request.name),
        grade: request.grade,
        files: next.files,
        bytes: next.bytes,
        isDelta: next.isDelta,
        manifestDigest: request.manifestDigest,
        signature: request.signature ?? null,
        ...(next.isHeld ? { status: 'HELD', reason: HELD_LATE } : {}),
      })
      .onConflictDoNothing()
      .returning({ id: batches.id });
    if (batch === undefined) continue;
    // After the insert, which waits for a decision that is just being written about this directory.
    const kept = await takeNote(tx, request, batch.id);
    if (kept !== undefined) return kept;
    const isLate = newest !== undefined && (await leaveBehind(tx, newest, seen));
    await insertManifest(tx, batch.id, next.manifest);
    const sealed = { batchId: String(batch.id), generation: nextGeneration, isLate };
    if (next.isHeld) {
      await planEvent(tx, batch.id, 'onHeld');
      return { kind: 'held', ...sealed };
    }
    await tx.insert(outbox).values({ batchId: batch.id, isFound: request.isFound ?? false });
    return { kind: 'sealed', ...sealed };
  }
}

/** Ends what was remembered of a directory with its seal; what a person holds or has set aside is not sealed, and its row goes. */
export async function takeNote(tx: Queries, request: SealRequest, batchId: number): Promise<SealOutcome | undefined> {
  const rootId = rowId(request.rootId);
  const [row] = await tx.select().from(directories).where(isDirectory(rootId, request.relativePath)).for('update');
  if (row === undefined) return undefined;
  if (row.decision === 'hold' || row.decision === 'quarantine') {
    await tx.delete(batches).where(eq(batches.id, batchId));
    return { kind: 'kept-back', batchId: null, generation: null, note: toNote(row) };
  }
  await tx.delete(directories).where(isDirectory(rootId, request.relativePath));
  const ofDirectory = and(eq(audit.rootId, rootId), eq(audit.relativePath, row.relativePath), isNull(audit.batchId));
  if (row.decision !== null) await tx.update(audit).set({ batchId }).where(ofDirectory);
  return undefined;
}

type BatchRow = typeof batches.$inferSelect;

/** A sealed directory has another name: its batch, a queued import and its actions follow it. */
async function follow(
  tx: Queries,
  { manifestDigest, relativePath, rootId, signature, unit }: SealRequest,
): Promise<SealOutcome | undefined> {
  const path = toStoredText(relativePath);
  if (!signature || (unit ?? 'directory') !== 'directory') return undefined;
  const { identity } = signature;
  const batch = await findRenamed(tx, { rootId: rowId(rootId), manifestDigest, identity });
  if (batch === undefined || toCurrentPath(batch) === path) return undefined;
  const renamedTo = path === batch.relativePath ? null : path;
  await tx.update(batches).set({ renamedTo, signature, vanishedAt: null }).where(eq(batches.id, batch.id));
  await tx.delete(directories).where(isDirectory(batch.rootId, path));
  if (batch.missingSince !== null) await reopenMissing(tx, batch.id);
  const { generation, id } = batch;
  return { kind: 'renamed', batchId: String(id), generation, from: toCurrentPath(batch), isLate: false };
}

async function toKnown(tx: Queries, newest: BatchRow, request: SealRequest): Promise<SealOutcome> {
  if (isAway(newest, request)) {
    // The same files under the old name of a directory that is there under its new one: the batch stays with that.
    const { generation, id, status } = newest;
    return { kind: 'known', batchId: String(id), generation, status, changed: false, isLate: false };
  }
  const changed = newest.manifestDigest !== request.manifestDigest;
  const known = { batchId: String(newest.id), generation: newest.generation };
  if (!changed && newest.missingSince !== null && (await reopenMissing(tx, newest.id))) {
    return { kind: 'reopened', ...known, isLate: false };
  }
  const isLate = changed && (await countLate(tx, newest, request.manifestDigest));
  await leaveAsItIs(tx, newest, changed ? request.manifestDigest : null);
  await keepSignature(tx, newest, request.signature);
  if (!changed && newest.vanishedAt !== null) {
    const isBack = newest.relativePath === toStoredText(request.relativePath);
    await tx
      .update(batches)
      .set({ vanishedAt: null, ...(isBack && { renamedTo: null }) })
      .where(eq(batches.id, newest.id));
  }
  return { kind: 'known', ...known, status: newest.status, changed, isLate };
}

/** Its directory has another name now, and this one is not it. */
function isAway({ relativePath, renamedTo, signature }: BatchRow, request: SealRequest): boolean {
  const isOldName = renamedTo !== null && relativePath === toStoredText(request.relativePath);
  return isOldName && signature?.identity !== request.signature?.identity;
}

/** The generation before: its directory is gone, or has late files. True when these were not seen before. */
async function leaveBehind(tx: Queries, newest: BatchRow, request: SealRequest): Promise<boolean> {
  await leaveAsItIs(tx, newest, null);
  if (newest.renamedTo === toStoredText(request.relativePath)) {
    await tx.update(batches).set({ renamedTo: null, vanishedAt: sql`now()` }).where(eq(batches.id, newest.id));
  }
  if (newest.vanishedAt !== null) return false;
  if (!(await isReplaced(tx, newest, request))) return countLate(tx, newest, request.manifestDigest);
  await tx.update(batches).set({ vanishedAt: sql`now()` }).where(eq(batches.id, newest.id));
  return false;
}

/** Which changed content is not to be sealed, null for none; what a person asked for is answered by it. */
async function leaveAsItIs(
  tx: Queries,
  { amendSince, id, ignoredDigest }: BatchRow,
  digest: string | null,
): Promise<void> {
  if (ignoredDigest === digest && amendSince === null) return;
  await tx.update(batches).set({ ignoredDigest: digest, amendSince: null }).where(eq(batches.id, id));
}

/** Counts each content once. False when it was counted before. */
async function countLate(tx: Queries, { id, lateDigest }: BatchRow, digest: string): Promise<boolean> {
  if (lateDigest === digest) return false;
  const counted = await tx
    .update(batches)
    .set({ lateChanges: sql`${batches.lateChanges} + 1`, lateDigest: digest })
    .where(and(eq(batches.id, id), sql`${batches.lateDigest} is distinct from ${digest}`))
    .returning({ id: batches.id });
  if (counted.length > 0) await planEvent(tx, id, 'onLate');
  return true;
}

async function keepSignature(tx: Queries, { id }: BatchRow, signature: SealRequest['signature']): Promise<void> {
  if (signature) await tx.update(batches).set({ signature }).where(eq(batches.id, id));
}

/** Records what a look at a recorded directory saw, within the caller's transaction; see `BatchStore.noteSeen`. */
export async function noteSeen(tx: Queries, batchId: number, seen: SeenDirectory): Promise<SeenOutcome> {
  const [batch] = await tx.select().from(batches).where(eq(batches.id, batchId));
  if (batch === undefined) return { kind: 'unchanged' };
  const { digest: manifestDigest, unread } = await toSeenContent(tx, batch, seen);
  if (unread.length > 0) return { kind: 'unchanged', touched: unread };
  if (batch.manifestDigest === manifestDigest) {
    await keepSignature(tx, batch, seen.signature);
    await leaveAsItIs(tx, batch, null);
    const isBack = batch.missingSince !== null && (await reopenMissing(tx, batchId));
    return { kind: isBack ? 'reopened' : 'unchanged' };
  }
  if (await isMoving(tx, batch)) return { kind: 'unchanged' };
  if (await isReplaced(tx, batch, seen)) return { kind: 'replaced' };
  const isLeft = isLeftAlone(batch, { late: seen.late, manifestDigest });
  if (isLeft) {
    // Only then: otherwise a restart before the next seal would find nothing changed.
    await keepSignature(tx, batch, seen.signature);
    await leaveAsItIs(tx, batch, manifestDigest);
  }
  return { kind: 'late', isNew: await countLate(tx, batch, manifestDigest), isLeft };
}
