import type { Settings } from '@sendit/config';
import type { Check, HeaderReaders, ImportPolicy } from '@sendit/importer';
import type { Logger } from '@sendit/model';
import type { ImportQueue } from '@sendit/queue';
import { runImportWorker, type WorkerStore } from './import-worker.ts';
import type { Part } from './run-together.ts';

export interface ImportPartDeps {
  readonly queue: ImportQueue;
  readonly store: WorkerStore;
  readonly readers: HeaderReaders;
  readonly logger: Logger;
}

type ImportSettings = Pick<Settings, 'limits' | 'worker'>;

/** Imports what is queued, as the settings say. */
export function toImportPart(settings: ImportSettings, deps: ImportPartDeps): Part {
  const { concurrency } = settings.worker;
  const policy = toImportPolicy(settings);
  return (signal) => runImportWorker({ ...deps, concurrency, policy }, signal);
}

function toImportPolicy({ limits, worker }: ImportSettings): ImportPolicy {
  const { checks, extraAttributes: extra, filter, hash: scope, hashAlgorithm: algorithm, steps } = worker;
  return {
    extra,
    filter,
    hash: { scope, algorithm },
    limits,
    checks: checks as readonly Check[],
    steps: steps.map(({ name }) => name),
  };
}
