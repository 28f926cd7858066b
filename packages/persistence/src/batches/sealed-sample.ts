import type { ManifestFile, UnitKind } from '@sendit/model';
import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { toCurrentPath } from './current-path.ts';
import { batches, manifestParts } from '../schema/schema.ts';
import { toManifestFile } from '../schema/stored-manifest.ts';

/** Some files of a batch that is recorded and not known to be gone. */
export interface SealedSample {
  readonly unit: UnitKind;
  /** A directory's path below its watch path; files of other units have paths below the watch path themselves. */
  readonly relativePath: string;
  readonly files: readonly ManifestFile[];
}

const FILES = 3;

/** The newest batches of a root that are not known to be gone, each with a few of its sealed files. */
export async function readSealedSample(db: Queries, rootId: number, limit: number): Promise<readonly SealedSample[]> {
  const newest = await db
    .select({ id: batches.id, unit: batches.unit, relativePath: batches.relativePath, renamedTo: batches.renamedTo })
    .from(batches)
    .where(and(eq(batches.rootId, rootId), isNull(batches.vanishedAt), isNull(batches.prunedAt)))
    .orderBy(desc(batches.id))
    .limit(limit);
  if (newest.length === 0) return [];
  const parts = await db
    .select({ batchId: manifestParts.batchId, entries: manifestParts.entries })
    .from(manifestParts)
    .where(
      and(
        eq(manifestParts.part, 0),
        inArray(
          manifestParts.batchId,
          newest.map(({ id }) => id),
        ),
      ),
    );
  const files = new Map(parts.map(({ batchId, entries }) => [batchId, entries.slice(0, FILES).map(toManifestFile)]));
  return newest.map(({ id, unit, ...place }) => ({
    unit,
    relativePath: toCurrentPath(place),
    files: files.get(id) ?? [],
  }));
}
