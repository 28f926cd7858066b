import type { Settings } from '@sendit/config';
import { runHeartbeat } from '@sendit/daemon';
import { openHeaderPool } from '@sendit/importer';
import { type Logger, SenditError, systemClock } from '@sendit/model';
import { createWake, runRelay } from '@sendit/queue';
import { runImportWorker } from './parts/import-worker.ts';
import { openConfiguredDatabase, openConfiguredQueue } from './parts/open-stores.ts';

/**
 * One scale-out worker: database, queue, relay and import worker, until aborted; then it drains and closes everything.
 * @throws SenditError `needs-server` when only an embedded database is configured.
 */
export async function runWorkerProcess(settings: Settings, logger: Logger, signal: AbortSignal): Promise<void> {
  if (settings.databaseUrl === undefined) {
    throw new SenditError(
      'A separate worker needs a PostgreSQL database; the embedded one belongs to the watcher process alone.',
      {
        code: 'needs-server',
        hint: 'Set DATABASE_URL (and REDIS_URL for many workers), or just run `sendit watcher start`: it has the worker in it.',
      },
    );
  }
  await using database = await openConfiguredDatabase(settings, { logger });
  await using queue = await openConfiguredQueue(settings, database, logger);
  await using readers = openHeaderPool(settings.worker);
  logger.info(`Worker is running on ${queue.kind}, ${settings.worker.concurrency} batches at a time.`);
  const startedAt = new Date().toISOString();
  const { mode } = settings;
  const heartbeat = {
    heartbeats: database.heartbeats,
    ping: () => database.ping(),
    snapshot: () => ({ role: 'worker' as const, startedAt, mode, portalUrl: null, roots: [] }),
    clock: systemClock,
    logger,
    onHealth: () => undefined,
  };
  await Promise.all([
    runHeartbeat(heartbeat, signal),
    runRelay({ outbox: database.outbox, queue, clock: systemClock, logger, wake: createWake() }, signal),
    runImportWorker(
      {
        queue,
        store: database.studies,
        readers,
        concurrency: settings.worker.concurrency,
        filter: settings.worker.filter,
        hash: { scope: settings.worker.hash, algorithm: settings.worker.hashAlgorithm },
        extra: settings.worker.extraAttributes,
        limits: settings.limits,
        logger,
      },
      signal,
    ),
  ]);
  logger.info('Worker has been stopped.');
}
