import type { FindingPolicy, FindingSummary } from '@sendit/model';
import type { HeaderReaders } from './header-readers.ts';
import { listFiles } from './list-files.ts';
import { readBatch } from './read-batch.ts';

/** The rows and findings that an import of a directory would produce. */
export interface DirectoryCheck {
  readonly files: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
  readonly findings: readonly FindingSummary[];
}

export interface CheckOptions {
  readonly readers: HeaderReaders;
  /** How its findings are judged; each as its code says by default. */
  readonly findingPolicy?: FindingPolicy;
  /** The time by which dates are in the future; now by default. */
  readonly now?: Date;
}

/**
 * Reads a directory as an import does, and writes nothing. No limit holds: who asks chose the directory, and wants to know about all of it.
 * @throws SenditError `not-found` when the directory is not there, `unreadable` when it cannot be read.
 */
export async function checkBatch(
  path: string,
  { readers, findingPolicy = {}, now = new Date() }: CheckOptions,
  signal: AbortSignal,
): Promise<DirectoryCheck> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const { files, findings } = await listFiles({ id: name, path }, signal);
  const listed = { total: files.length, parts: [files], findings };
  const grouping = await readBatch(
    { id: name, path, name, files: listed },
    { readers, now, findingPolicy, takePart: async () => undefined },
    signal,
  );
  return {
    files: grouping.files,
    studies: grouping.studies.length,
    series: grouping.series.length,
    instances: grouping.instanceCount,
    findings: grouping.findings.toSummaries(),
  };
}
