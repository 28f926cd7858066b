import { type ManifestFile, toHashPolicy, type TouchedDigests, type TouchedFile } from '@sendit/model';
import { and, eq, gt, inArray, isNotNull } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import type { Queries } from '../engine/connection.ts';
import { toChunks } from '../schema/rows.ts';
import { instances, manifestParts, quarantinedFiles } from '../schema/schema.ts';
import type { StoredManifestFile } from '../schema/stored-manifest.ts';
import { toManifestFile, toStoredFile } from '../schema/stored-manifest.ts';
import { toStoredText } from '../schema/stored-text.ts';
import type { Compared } from './changed-files.ts';

type Touched = Compared['touched'];

/** What is known of files of which only the change time is another. */
export interface JudgedFiles {
  /** Another content: the file and its digest now. */
  readonly others: readonly { readonly file: ManifestFile; readonly digest: string }[];
  /** To be read again before anything can be said. */
  readonly unread: readonly TouchedFile[];
}

/** Files that are asked for at once. */
const UNREAD_AT_ONCE = 20_000;
const PATHS_PER_QUERY = 1_000;

/**
 * Judges touched files by their digests: those of the import, and those that somebody has made since. Of one whose digest nobody can compare
 * nothing is said: it was not imported yet, or no digest of today's kinds was kept. One that is as it was imported gets its new change time into the sealed list, so
 * that it is not read again.
 */
export async function judgeTouched(
  tx: Queries,
  touched: Touched,
  { batchIds, digests }: { readonly batchIds: readonly number[]; readonly digests: TouchedDigests | undefined },
): Promise<JudgedFiles> {
  const others: { file: ManifestFile; digest: string }[] = [];
  const unread: TouchedFile[] = [];
  for (const [earlier, batchId] of batchIds.entries()) {
    const files = touched.flatMap((one) => (one.earlier === earlier ? one.file : []));
    const same = new Map<string, bigint>();
    const recorded = await readRecorded(tx, batchId, files);
    for (const file of files) {
      const known = recorded.get(toStoredText(file.path));
      if (known === undefined || file.rawPath !== undefined) continue;
      const digest = digests?.get(file.path);
      if (digest === undefined) {
        if (unread.length < UNREAD_AT_ONCE) unread.push({ path: file.path, algorithm: known.algorithm });
      } else if (digest === known.digest) same.set(file.path, file.changedNs ?? 0n);
      else if (digest !== null) others.push({ file, digest });
    }
    await keepChangeTimes(tx, batchId, same);
  }
  return { others, unread };
}

/** A digest that an import kept. */
export interface RecordedDigest {
  readonly digest: string;
  readonly algorithm: TouchedFile['algorithm'];
}

/** The digests that the import of a batch has kept of some of its files, by path as stored, as far as they can be made again. */
export async function readRecorded(
  db: Queries,
  batchId: number,
  files: readonly Pick<ManifestFile, 'path'>[],
): Promise<ReadonlyMap<string, RecordedDigest>> {
  const recorded = new Map<string, RecordedDigest>();
  for (const paths of toChunks(
    files.map(({ path }) => toStoredText(path)),
    PATHS_PER_QUERY,
  )) {
    const among = (table: typeof instances | typeof quarantinedFiles) =>
      db
        .select({ path: table.path, digest: table.digest, algorithm: table.digestAlgorithm })
        .from(table)
        .where(and(eq(table.batchId, batchId), inArray(table.path, [...paths]), isNotNull(table.digest)));
    for (const { algorithm, digest, path } of await unionAll(among(instances), among(quarantinedFiles)))
      if (digest !== null && algorithm !== null && toHashPolicy(algorithm) !== undefined)
        recorded.set(path, { digest, algorithm });
  }
  return recorded;
}

async function keepChangeTimes(tx: Queries, batchId: number, times: ReadonlyMap<string, bigint>): Promise<void> {
  if (times.size === 0) return;
  const retime = (stored: StoredManifestFile): StoredManifestFile => {
    const changedNs = times.get(stored[0]);
    return changedNs === undefined ? stored : toStoredFile({ ...toManifestFile(stored), changedNs });
  };
  for (let last = -1; ; ) {
    const [row] = await tx
      .select({ part: manifestParts.part, entries: manifestParts.entries })
      .from(manifestParts)
      .where(and(eq(manifestParts.batchId, batchId), gt(manifestParts.part, last)))
      .orderBy(manifestParts.part)
      .limit(1);
    if (row === undefined) return;
    const { entries, part } = row;
    last = part;
    if (!entries.some(([path]) => times.has(path))) continue;
    await tx
      .update(manifestParts)
      .set({ entries: entries.map(retime) })
      .where(and(eq(manifestParts.batchId, batchId), eq(manifestParts.part, part)));
  }
}
