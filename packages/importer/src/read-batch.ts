import type { BatchProgress, FindingRecord, HashPolicy, ManifestFile } from '@sendit/model';
import { type BytePath, toBytePath, toDisplayPath, toSealedPath } from './byte-path.ts';
import { compareDuplicates } from './duplicates.ts';
import { toFinding } from './findings/finding.ts';
import { Grouping } from './grouping.ts';
import type { HeaderReaders } from './header-readers.ts';
import type { ImageFilter } from './image-filter.ts';
import { isAsSealed } from './is-as-sealed.ts';

/** Which files of a batch are read: as they were sealed, or as a listing found them. */
export interface FilesToRead {
  /** Of all parts. */
  readonly total: number;
  /** In byte order of the path, some thousands at a time. */
  readonly parts: AsyncIterable<readonly (ManifestFile | BytePath)[]> | Iterable<readonly BytePath[]>;
  /** What was found before anything was read. */
  readonly findings: readonly FindingRecord[];
}

/** What {@link readBatch} works with. */
export interface ReadBatchDeps {
  readonly readers: HeaderReaders;
  /** The time by which dates are in the future. */
  readonly now: Date;
  /** Images that it excludes are findings and not recorded; none by default. */
  readonly filter?: ImageFilter;
  /** How files are hashed; not at all by default. */
  readonly hash?: HashPolicy;
  readonly report?: (progress: BatchProgress) => Promise<void>;
}

/** Reads every header of a batch, groups and checks. Writes nothing. */
export async function readBatch(
  batch: { readonly path: string; readonly name: string; readonly files: FilesToRead },
  deps: ReadBatchDeps,
  signal: AbortSignal,
): Promise<Grouping> {
  const { total, parts, findings } = batch.files;
  const { hash, filter } = deps;
  const grouping = new Grouping(batch.name, { now: deps.now, ...(filter && { filter }), ...(hash && { hash }) });
  for (const finding of findings) grouping.findings.add(finding);
  await deps.report?.({ filesDone: 0, filesTotal: total });
  const directory = toBytePath(batch.path);
  for await (const part of parts) {
    const paths = part.map((file) => (typeof file === 'string' ? file : toSealedPath(file)));
    let index = 0;
    for await (const records of deps.readers.readHeaders({ directory, paths, ...(hash && { hash }) }, signal)) {
      for (const record of records) {
        grouping.add(record);
        const file = part[index];
        if (typeof file === 'object' && !isAsSealed(file, record)) {
          grouping.findings.add(toFinding('changed-since-seal', toDisplayPath(record.path)));
        }
        index += 1;
      }
      await deps.report?.({ filesDone: grouping.files, filesTotal: total });
    }
  }
  const comparing = { directory, scope: hash?.scope ?? 'none' };
  for (const finding of await compareDuplicates(grouping.duplicates, comparing, signal)) grouping.findings.add(finding);
  for (const finding of grouping.toBatchFindings()) grouping.findings.add(finding);
  return grouping;
}
