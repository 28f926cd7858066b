import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ManifestFile } from '@sendit/model';
import { and, asc, eq, gt } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { manifestParts } from '../schema/schema.ts';
import { toManifestFile, toManifestParts } from '../schema/stored-manifest.ts';

/** Writes the files of a batch within the transaction that seals it. */
export async function insertManifest(tx: Queries, batchId: number, manifest: Iterable<ManifestFile>): Promise<void> {
  let part = 0;
  for (const entries of toManifestParts(manifest)) {
    await nextTurn();
    await tx.insert(manifestParts).values({ batchId, part, entries });
    part += 1;
  }
}

/** Runs queries: a connection, or an open transaction. */
interface Runner {
  run<T>(work: (db: Queries) => Promise<T>): Promise<T>;
}

/** The files of a batch as they were sealed, in byte order of the path, some thousands at a time. */
export async function* readManifest(connection: Runner, batchId: number): AsyncGenerator<readonly ManifestFile[]> {
  for (let last = -1; ; ) {
    const [row] = await connection.run((db) =>
      db
        .select({ part: manifestParts.part, entries: manifestParts.entries })
        .from(manifestParts)
        .where(and(eq(manifestParts.batchId, batchId), gt(manifestParts.part, last)))
        .orderBy(asc(manifestParts.part))
        .limit(1),
    );
    if (row === undefined) return;
    yield row.entries.map(toManifestFile);
    last = row.part;
  }
}
