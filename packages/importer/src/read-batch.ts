import { readStorage, type Storage } from '@sendit/detector/node';
import { type BytePath, toBytePath, toDisplayPath, toPathBytes } from '@sendit/files';
import {
  type BatchProgress,
  type FindingPolicy,
  type FindingRecord,
  type ImportedInstance,
  isUnitKey,
  type ManifestFile,
  toFinding,
} from '@sendit/model';
import { compareWithSealed } from './compare-with-sealed.ts';
import { compareDuplicates, type Duplicate } from './duplicates.ts';
import { Grouping } from './grouping.ts';
import type { HeaderReaders } from './header-readers.ts';
import type { ImportPolicy } from './import-policy.ts';

/** Which files of a batch are read: as they were sealed, or as a listing found them. */
export interface FilesToRead {
  /** Number of files in all parts. */
  readonly total: number;
  /** In byte order of the path, some thousands at a time; iterated again to find the files that have to be compared. */
  readonly parts: AsyncIterable<readonly (ManifestFile | BytePath)[]> | Iterable<readonly BytePath[]>;
  /** Findings before anything was read. */
  readonly findings: readonly FindingRecord[];
}

export interface ReadBatchDeps {
  readonly readers: HeaderReaders;
  /** What the batch lies on, where that is known already. */
  readonly storage?: Storage;
  /** The time by which dates are in the future. */
  readonly now: Date;
  readonly policy?: ImportPolicy;
  /** How findings are judged; each as its code says by default. */
  readonly findingPolicy?: FindingPolicy;
  /** A person accepted the batch without what cannot be read; not by default. */
  readonly isAccepted?: boolean;
  /** Paths of instances of some series that were imported before, where the batch holds only what came late: checks look at all of a series. */
  readonly earlier?: ((seriesInstanceUids: readonly string[]) => AsyncIterable<readonly string[]>) | undefined;
  readonly report?: (progress: Omit<BatchProgress, 'elapsedMs'>) => Promise<void>;
  /** Takes instances in large parts, in order; those after the last full part stay with the grouping. */
  readonly takePart: (instances: readonly ImportedInstance[]) => Promise<void>;
  /** Instances of a full part, {@link PART} by default. */
  readonly partSize?: number;
}

/** A few megabytes, and enough rows for a statement to be worth it. */
const PART = 5_000;

/** Reads every header of a batch, groups and checks. Reading goes on only when a part was taken. */
export async function readBatch(
  batch: { readonly id: string; readonly path: string; readonly name: string; readonly files: FilesToRead },
  deps: ReadBatchDeps,
  signal: AbortSignal,
): Promise<Grouping> {
  const { total, parts, findings } = batch.files;
  const { findingPolicy = {}, isAccepted = false, partSize = PART, policy = {} } = deps;
  const { extra, hash } = policy;
  const asked = { ...(hash && { hash }), ...(extra && { extra }) };
  const grouping = new Grouping(batch.name, { now: deps.now, findingPolicy, isAccepted, policy });
  for (const finding of findings) grouping.findings.add(finding);
  await deps.report?.({ filesDone: 0, filesTotal: total, bytesDone: 0 });
  const directory = toBytePath(batch.path);
  // Of a unit it is the watch path itself.
  const mayBeLink = isUnitKey(batch.name);
  const { isNetwork, keepsInodes } = deps.storage ?? (await readStorage(toPathBytes(directory)));
  for await (const part of parts) {
    const paths = part.map(toPath);
    let index = 0;
    for await (const records of deps.readers.readHeaders(
      { directory, mayBeLink, isNetwork, paths, ...asked },
      signal,
    )) {
      for (const record of records) {
        grouping.add(record);
        const file = part[index];
        const became = typeof file === 'object' ? compareWithSealed(file, record, keepsInodes) : 'sealed';
        if (became !== 'sealed') grouping.findings.add(toFinding(`${became}-since-seal`, toDisplayPath(record.path)));
        index += 1;
      }
      if (grouping.waiting >= partSize) await deps.takePart(grouping.takeInstances());
      await deps.report?.({ filesDone: grouping.files, filesTotal: total, bytesDone: grouping.bytes });
    }
  }
  grouping.finish();
  if (deps.earlier !== undefined) {
    const uids = grouping.series.map(({ seriesInstanceUid }) => seriesInstanceUid);
    for await (const paths of deps.earlier(uids)) {
      const read = deps.readers.readHeaders({ directory, mayBeLink, paths: paths.map(toBytePath) }, signal);
      for await (const records of read) for (const record of records) grouping.addEarlier(record);
    }
  }
  const { duplicates } = grouping;
  const firsts = duplicates.length === 0 ? new Map<number, BytePath>() : await findPaths(parts, duplicates);
  const compared = await compareDuplicates(
    duplicates,
    { batchId: batch.id, directory, mayBeLink, firsts, isAccepted },
    signal,
  );
  for (const finding of [...compared, ...grouping.toBatchFindings()]) grouping.findings.add(finding);
  return grouping;
}

/** The paths of the recorded files of some duplicates: a path for every file of a batch is not kept. */
async function findPaths(
  parts: FilesToRead['parts'],
  duplicates: readonly Duplicate[],
): Promise<ReadonlyMap<number, BytePath>> {
  const wanted = new Set(duplicates.map(({ first }) => first));
  const paths = new Map<number, BytePath>();
  let index = 0;
  for await (const part of parts) {
    for (const file of part) {
      if (wanted.has(index)) paths.set(index, toPath(file));
      index += 1;
    }
  }
  return paths;
}

function toPath(file: ManifestFile | BytePath): BytePath {
  return typeof file === 'string' ? file : toBytePath(file.rawPath ?? file.path);
}
