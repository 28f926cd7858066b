import type { SealOutcome, SealRequest } from '@sendit/model';
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Queries } from './connection.ts';
import { isDirectory, toNote } from './directories.ts';
import { insertManifest } from './manifests.ts';
import { reopenMissing } from './reopen.ts';
import { rowId } from './rows.ts';
import { audit, batches, directories, outbox } from './schema.ts';
import { toStoredText } from './stored-text.ts';

/**
 * Records a finished directory, its files and its message to the queue, within the caller's transaction.
 *
 * Newest generation of the path | its digest | it vanished | outcome
 * none                          |            |             | sealed, generation 1
 * n                             | same       | any         | known; it is there again, so no longer vanished; reopened when it was held for that
 * n                             | other      | yes         | sealed, generation n + 1
 * n                             | other      | no          | known, changed; counted once for each new content
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
    if (newest !== undefined && (newest.manifestDigest === request.manifestDigest || newest.vanishedAt === null)) {
      return toKnown(tx, newest, request.manifestDigest);
    }
    const generation = (newest?.generation ?? 0) + 1;
    const [batch] = await tx
      .insert(batches)
      .values({
        rootId: rowId(request.rootId),
        relativePath: toStoredText(request.relativePath),
        generation,
        path: toStoredText(request.path),
        name: toStoredText(request.name),
        grade: request.grade,
        files: request.files,
        bytes: request.bytes,
        manifestDigest: request.manifestDigest,
      })
      .onConflictDoNothing()
      .returning({ id: batches.id });
    if (batch === undefined) continue;
    // After the insert, which waits for a decision that is just being written about this directory.
    const kept = await takeNote(tx, request, batch.id);
    if (kept !== undefined) return kept;
    await insertManifest(tx, batch.id, request.manifest);
    await tx.insert(outbox).values({ batchId: batch.id });
    return { kind: 'sealed', batchId: String(batch.id), generation };
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

async function toKnown(tx: Queries, newest: BatchRow, digest: string): Promise<SealOutcome> {
  const changed = newest.manifestDigest !== digest;
  if (!changed && newest.missingSince !== null && (await reopenMissing(tx, newest.id))) {
    return { kind: 'reopened', batchId: String(newest.id), generation: newest.generation };
  }
  if (changed && newest.lateDigest !== digest) {
    await tx
      .update(batches)
      .set({ lateChanges: sql`${batches.lateChanges} + 1`, lateDigest: digest })
      .where(and(eq(batches.id, newest.id), sql`${batches.lateDigest} is distinct from ${digest}`));
  }
  if (!changed && newest.vanishedAt !== null) {
    await tx.update(batches).set({ vanishedAt: null }).where(eq(batches.id, newest.id));
  }
  return { kind: 'known', batchId: String(newest.id), generation: newest.generation, status: newest.status, changed };
}
