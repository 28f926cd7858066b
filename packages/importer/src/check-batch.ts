import type { FindingSummary } from '@sendit/model';
import type { HeaderReaders } from './header-readers.ts';
import { listFiles } from './list-files.ts';
import { readBatch } from './read-batch.ts';

/** What an import of a directory would record and find. */
export interface DirectoryCheck {
  readonly files: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
  readonly findings: readonly FindingSummary[];
}

/**
 * Reads a directory as an import does, and writes nothing. No limit holds: who asks chose the directory, and wants to know about all of it.
 * @throws SenditError `not-found` when the directory is not there, `unreadable` when it cannot be read.
 */
export async function checkBatch(
  path: string,
  { readers, now = new Date() }: { readonly readers: HeaderReaders; readonly now?: Date },
  signal: AbortSignal,
): Promise<DirectoryCheck> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const { files, findings } = await listFiles({ id: name, path }, signal);
  const listed = { total: files.length, parts: [files], findings };
  const grouping = await readBatch(
    { id: name, path, name, files: listed },
    { readers, now, takePart: async () => undefined },
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
