import type { Settings } from '@sendit/config';
import { openHeaderPool } from '@sendit/importer';
import { systemClock } from '@sendit/model';
import { createWake, runRelay } from '@sendit/queue';
import { toAlertParts } from './parts/alert-part.ts';
import { toHeartbeatPart } from './parts/heartbeat-part.ts';
import { toImportPart } from './parts/import-part.ts';
import { toKeptFacts } from './parts/kept-state.ts';
import { openRunning, type Running } from './parts/open-running.ts';
import { openConfiguredDatabase, openConfiguredQueue } from './parts/open-stores.ts';
import { toPausePart } from './parts/pause-part.ts';
import { requireOpenFiles } from './parts/require-open-files.ts';
import { requireServer } from './parts/require-server.ts';
import { createStoreApi } from './parts/store-api.ts';
import { openSteps } from './parts/steps.ts';
import { runTogether } from './parts/run-together.ts';
import { type AnyLogger, toLogger } from './parts/to-logger.ts';

const HINT =
  'Set DATABASE_URL (and REDIS_URL for many workers), or just run `sendit watcher start`: it has the worker in it.';

/** How {@link runWorker} runs. */
export interface WorkerOptions {
  readonly signal: AbortSignal;
  /** None by default. */
  readonly logger?: AnyLogger | undefined;
  /** Called once, when it takes batches. */
  readonly onReady?: (() => void) | undefined;
}

/**
 * One scale-out worker: database, queue, relay and import worker, until aborted; then it lets running imports end and closes everything.
 * @throws SenditError `needs-server` when only an embedded database is configured.
 */
export async function runWorker(settings: Settings, options: WorkerOptions): Promise<void> {
  const { signal } = options;
  const logger = toLogger(options.logger);
  requireServer(settings, 'worker', HINT);
  requireOpenFiles();
  await using database = await openConfiguredDatabase(settings, { logger });
  await using queue = await openConfiguredQueue(settings, database, logger);
  // Before the first import can end.
  await using steps = await openSteps(settings, { database, logger });
  await using readers = openHeaderPool(settings.worker);
  logger.info(`Worker is running on ${queue.kind}, ${settings.worker.concurrency} batches at a time.`);
  const startedAt = new Date().toISOString();
  const { mode } = settings;
  const { outbox, studies: store } = database;
  const snapshot = () => ({ role: 'worker' as const, startedAt, mode, portalUrl: null, roots: [] });
  const api = createStoreApi(database, { queue, mode, ...toKeptFacts(settings, database) });
  options.onReady?.();
  await runTogether(
    [
      toHeartbeatPart(database, { snapshot, logger }),
      (partSignal) => runRelay({ outbox, queue, clock: systemClock, logger, wake: createWake() }, partSignal),
      toPausePart(database, { queue, logger }),
      ...toAlertParts(settings, { api, database, logger, startedAt }),
      toImportPart(settings, { queue, store, readers, logger }),
      ...steps.parts,
    ],
    signal,
  );
  logger.info('Worker has been stopped.');
}

/**
 * {@link runWorker} as a handle: resolves once it takes batches.
 * @throws as {@link runWorker}
 */
export function openWorker(settings: Settings, options: Pick<WorkerOptions, 'logger'> = {}): Promise<Running> {
  return openRunning<object>(({ onReady, signal }) =>
    runWorker(settings, { ...options, signal, onReady: () => onReady({}) }),
  );
}
