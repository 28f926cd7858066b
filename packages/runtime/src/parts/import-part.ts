import type { Settings } from '@sendit/config';
import type { HeaderReaders } from '@sendit/importer';
import type { Logger } from '@sendit/model';
import type { ImportQueue } from '@sendit/queue';
import { runImportWorker, type WorkerStore } from './import-worker.ts';
import type { Part } from './run-together.ts';

/** What imports run on. */
export interface ImportPartDeps {
  readonly queue: ImportQueue;
  readonly store: WorkerStore;
  readonly readers: HeaderReaders;
  readonly logger: Logger;
}

/** Imports what is queued, as the settings say. */
export function toImportPart({ limits, worker }: Pick<Settings, 'limits' | 'worker'>, deps: ImportPartDeps): Part {
  const { concurrency, extraAttributes: extra, filter, hash: scope, hashAlgorithm: algorithm } = worker;
  const hash = { scope, algorithm };
  return (signal) => runImportWorker({ ...deps, concurrency, filter, hash, extra, limits }, signal);
}
