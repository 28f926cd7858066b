import { type BatchToImport, type Clock, type ImportResult, silentLogger } from '@sendit/model';
import { importBatch, openInlineHeaders } from '../src/index.ts';
import type { ImportDeps } from '../src/import-batch.ts';
import { MemoryStore } from './memory-store.ts';

/** Of an import that nobody stops. */
export const never = new AbortController().signal;

/** Ids that every synthetic image of a test has. */
export const IDS = { StudyInstanceUID: '2.25.2', SeriesInstanceUID: '2.25.3' };

/** Time stands still: two imports of one directory are equal. */
const clock: Clock = { now: () => 0, sleep: async () => undefined };

/** Imports a directory as it is now into a store of its own. */
export async function importDirectory(
  path: string,
  deps: Partial<ImportDeps> = {},
  changes: Partial<BatchToImport> = {},
): Promise<ImportResult> {
  const store = new MemoryStore(path, changes);
  await importBatch(store.job, { store, readers: openInlineHeaders(), logger: silentLogger, clock, ...deps }, never);
  const [result] = store.results;
  if (result === undefined) throw new Error('Expected a commit');
  return result;
}

/** Code and path of each finding, sorted. */
export const toCodes = (result: ImportResult): string[] =>
  result.findings.map(({ code, path }) => `${code} ${path ?? '-'}`).toSorted();
