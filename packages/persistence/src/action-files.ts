import type { ManifestFile } from '@sendit/model';
import { and, count, eq, inArray } from 'drizzle-orm';
import type { Connection } from './connection.ts';
import { readManifest } from './manifests.ts';
import { one } from './rows.ts';
import { batches, quarantinedFiles } from './schema.ts';
import { toStoredText } from './stored-text.ts';

/**
 * The files of a batch that an action may place, in byte order of the path, some thousands at a time. Of a DONE one those that are
 * quarantined are not among them: they stay where they are. One that failed goes as a whole.
 */
export async function* readActionFiles(
  connection: Connection,
  batchId: number,
): AsyncGenerator<readonly ManifestFile[]> {
  const ofBatch = eq(quarantinedFiles.batchId, batchId);
  const { files } = one(
    await connection.run((db) =>
      db
        .select({ files: count() })
        .from(quarantinedFiles)
        .innerJoin(batches, eq(batches.id, quarantinedFiles.batchId))
        .where(and(ofBatch, eq(batches.status, 'DONE'))),
    ),
  );
  // Of nearly every batch.
  if (files === 0) {
    yield* readManifest(connection, batchId);
    return;
  }
  for await (const part of readManifest(connection, batchId)) {
    const paths = part.map(({ path }) => toStoredText(path));
    const rows = await connection.run((db) =>
      db
        .select({ path: quarantinedFiles.path })
        .from(quarantinedFiles)
        .where(and(ofBatch, inArray(quarantinedFiles.path, paths))),
    );
    const quarantined = new Set(rows.map(({ path }) => path));
    yield quarantined.size === 0 ? part : part.filter((_, index) => !quarantined.has(paths[index] ?? ''));
  }
}
