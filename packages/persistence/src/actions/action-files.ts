import { ALWAYS_TOLD, type ManifestFile } from '@sendit/model';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { union } from 'drizzle-orm/pg-core';
import type { Connection, Queries } from '../engine/connection.ts';
import { readManifest } from '../batches/manifests.ts';
import { one } from '../schema/rows.ts';
import { batches, findings, quarantinedFiles } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/**
 * The files of a batch that an action may place, in byte order of the path, some thousands at a time. Of a DONE one those that are
 * quarantined, or that a person gave up, are not among them: those that are there stay where they are. One that failed goes as a whole.
 */
export async function* readActionFiles(
  connection: Connection,
  batchId: number,
): AsyncGenerator<readonly ManifestFile[]> {
  const { isDone } = one(
    await connection.run((db) =>
      db
        .select({ isDone: eq(batches.status, 'DONE').mapWith(Boolean) })
        .from(batches)
        .where(eq(batches.id, batchId)),
    ),
  );
  const isComplete = !isDone || (await connection.run((db) => readLeftOut(db, batchId).limit(1))).length === 0;
  // Nearly every batch.
  if (isComplete) {
    yield* readManifest(connection, batchId);
    return;
  }
  for await (const part of readManifest(connection, batchId)) {
    const paths = part.map(({ path }) => toStoredText(path));
    const rows = await connection.run((db) => readLeftOut(db, batchId, paths));
    const leftOut = new Set(rows.map(({ path }) => path));
    yield leftOut.size === 0 ? part : part.filter((_, index) => !leftOut.has(paths[index] ?? ''));
  }
}

/** Sealed files that the import has not taken in: of other bytes than another batch's, not read, or gone. Of all paths, or of some. */
function readLeftOut(db: Queries, batchId: number, paths?: readonly string[]) {
  const among = (path: typeof quarantinedFiles.path | typeof findings.path) =>
    paths === undefined ? undefined : inArray(path, [...paths]);
  return union(
    db
      .select({ path: quarantinedFiles.path })
      .from(quarantinedFiles)
      .where(and(eq(quarantinedFiles.batchId, batchId), among(quarantinedFiles.path))),
    db
      .select({ path: sql<string>`${findings.path}` })
      .from(findings)
      .where(and(eq(findings.batchId, batchId), inArray(findings.code, [...ALWAYS_TOLD]), among(findings.path))),
  );
}
