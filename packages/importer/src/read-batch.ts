import type { BatchProgress, BatchToImport, HashPolicy } from '@sendit/model';
import { toBytePath } from './byte-path.ts';
import { compareDuplicates } from './duplicates.ts';
import { Grouping } from './grouping.ts';
import type { HeaderReaders } from './header-readers.ts';
import type { ImageFilter } from './image-filter.ts';
import { checkDirectory, listFiles } from './list-files.ts';

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

/** Lists the files of a batch, reads every header, groups and checks. Writes nothing. */
export async function readBatch(batch: BatchToImport, deps: ReadBatchDeps, signal: AbortSignal): Promise<Grouping> {
  const { files, findings } = await listFiles(batch, signal);
  const { hash, filter } = deps;
  const grouping = new Grouping(batch.name, { now: deps.now, ...(filter && { filter }), ...(hash && { hash }) });
  for (const finding of findings) grouping.findings.add(finding);
  await deps.report?.({ filesDone: 0, filesTotal: files.length });
  const directory = toBytePath(batch.path);
  for await (const records of deps.readers.readHeaders({ directory, paths: files, ...(hash && { hash }) }, signal)) {
    for (const record of records) grouping.add(record);
    await deps.report?.({ filesDone: grouping.files, filesTotal: files.length });
  }
  // Files that vanish one by one are findings; with their directory they are not there to be judged.
  if (grouping.vanished > 0) await checkDirectory(batch);
  const comparing = { directory, scope: hash?.scope ?? 'none' };
  for (const finding of await compareDuplicates(grouping.duplicates, comparing, signal)) grouping.findings.add(finding);
  for (const finding of grouping.toBatchFindings()) grouping.findings.add(finding);
  return grouping;
}
