import type { SealOutcome, SealRequest, SeenDirectory, SeenOutcome } from '@sendit/model';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Queries } from './connection.ts';
import { isDirectory, toNote } from './directories.ts';
import { isLeftAlone, isReplaced, planNext, toWhole } from './late-arrivals.ts';
import { insertManifest } from './manifests.ts';
import { isMoving } from './plan-actions.ts';
import { reopenMissing } from './reopen.ts';
import { rowId } from './rows.ts';
import { audit, batches, directories, outbox } from './schema.ts';
import { toStoredText } from './stored-text.ts';

const HELD_LATE = 'Files came or changed after the seal; the policy of the watch path holds them for a person.';

/**
 * Records a finished directory, its files and its message to the queue, within the caller's transaction.
 *
 * Newest generation of the path | its digest | it vanished | outcome
 * none                          |            |             | sealed, generation 1
 * n                             | same       | any         | known; it is there again, so no longer vanished; reopened when it was held for that
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
    const newest = await findNewest(tx, request);
    if (newest?.manifestDigest === request.manifestDigest) return toKnown(tx, newest, request);
    // Its files leave by our own hand: what is left of them is no change.
    if (newest !== undefined && (await isMoving(tx, newest))) {
      const { generation, id, status } = newest;
      return { kind: 'known', batchId: String(id), generation, status, changed: false, isLate: false };
    }
    const next = newest === undefined ? toWhole(request) : await planNext(tx, newest, request);
    if (newest !== undefined && next === undefined) return toKnown(tx, newest, request);
    if (next === undefined) throw new TypeError('Expected a first generation to be planned');
    const generation = (newest?.generation ?? 0) + 1;
    const [batch] = await tx
      .insert(batches)
      .values({
        rootId: rowId(request.rootId),
        unit: request.unit,
        relativePath: toStoredText(request.relativePath),
        generation,
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
    const isLate = newest !== undefined && (await leaveBehind(tx, newest, request));
    await insertManifest(tx, batch.id, next.manifest);
    const sealed = { batchId: String(batch.id), generation, isLate };
    if (next.isHeld) return { kind: 'held', ...sealed };
    await tx.insert(outbox).values({ batchId: batch.id });
    return { kind: 'sealed', ...sealed };
  }
}

async function takeNote(tx: Queries, request: SealRequest, batchId: number): Promise<SealOutcome | undefined> {
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

async function findNewest(tx: Queries, request: SealRequest): Promise<BatchRow | undefined> {
  const [row] = await tx
    .select()
    .from(batches)
    .where(and(eq(batches.rootId, rowId(request.rootId)), eq(batches.relativePath, toStoredText(request.relativePath))))
    .orderBy(desc(batches.generation))
    .limit(1);
  return row;
}

async function toKnown(tx: Queries, newest: BatchRow, request: SealRequest): Promise<SealOutcome> {
  const changed = newest.manifestDigest !== request.manifestDigest;
  const known = { batchId: String(newest.id), generation: newest.generation };
  if (!changed && newest.missingSince !== null && (await reopenMissing(tx, newest.id))) {
    return { kind: 'reopened', ...known, isLate: false };
  }
  const isLate = changed && (await countLate(tx, newest, request.manifestDigest));
  await leaveAsItIs(tx, newest, changed ? request.manifestDigest : null);
  await keepSignature(tx, newest, request.signature);
  if (!changed && newest.vanishedAt !== null) {
    await tx.update(batches).set({ vanishedAt: null }).where(eq(batches.id, newest.id));
  }
  return { kind: 'known', ...known, status: newest.status, changed, isLate };
}

/** The generation before: its directory is gone, or has late files. True when these were not seen before. */
async function leaveBehind(tx: Queries, newest: BatchRow, request: SealRequest): Promise<boolean> {
  await leaveAsItIs(tx, newest, null);
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
  await tx
    .update(batches)
    .set({ lateChanges: sql`${batches.lateChanges} + 1`, lateDigest: digest })
    .where(and(eq(batches.id, id), sql`${batches.lateDigest} is distinct from ${digest}`));
  return true;
}

async function keepSignature(tx: Queries, { id }: BatchRow, signature: SealRequest['signature']): Promise<void> {
  if (signature) await tx.update(batches).set({ signature }).where(eq(batches.id, id));
}

/** Records what a look at a recorded directory saw, within the caller's transaction; see `BatchStore.noteSeen`. */
export async function noteSeen(tx: Queries, batchId: number, seen: SeenDirectory): Promise<SeenOutcome> {
  const [batch] = await tx.select().from(batches).where(eq(batches.id, batchId));
  if (batch === undefined) return { kind: 'unchanged' };
  if (batch.manifestDigest === seen.manifestDigest) {
    await keepSignature(tx, batch, seen.signature);
    await leaveAsItIs(tx, batch, null);
    const isBack = batch.missingSince !== null && (await reopenMissing(tx, batchId));
    return { kind: isBack ? 'reopened' : 'unchanged' };
  }
  if (await isMoving(tx, batch)) return { kind: 'unchanged' };
  if (await isReplaced(tx, batch, seen)) return { kind: 'replaced' };
  const isLeft = isLeftAlone(batch, seen);
  if (isLeft) {
    // Only then: otherwise a restart before the next seal would find nothing changed.
    await keepSignature(tx, batch, seen.signature);
    await leaveAsItIs(tx, batch, seen.manifestDigest);
  }
  return { kind: 'late', isNew: await countLate(tx, batch, seen.manifestDigest), isLeft };
}
