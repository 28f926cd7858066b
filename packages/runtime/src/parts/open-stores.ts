import type { Settings } from '@sendit/config';
import { type Logger, SenditError } from '@sendit/model';
import { type Database, openDatabase } from '@sendit/persistence';
import { type ImportQueue, openQueue, type QueueTarget } from '@sendit/queue';

/** Opens the database of the settings; an embedded one is created if missing, and locked. */
export function openConfiguredDatabase(
  settings: Pick<Settings, 'databaseUrl' | 'databaseDir'>,
  options: { logger: Logger; migrate?: boolean },
): Promise<Database> {
  return openDatabase(
    settings.databaseUrl === undefined
      ? { kind: 'embedded', directory: settings.databaseDir }
      : { kind: 'postgres', url: settings.databaseUrl },
    options,
  );
}

/** Opens the import queue that belongs to the database, or another one by its name. */
export function openConfiguredQueue(
  settings: Settings,
  database: Database,
  logger: Logger,
  options: { readonly name?: string } = {},
): Promise<ImportQueue> {
  return openQueue(queueTarget(settings, database), {
    ...options,
    attempts: settings.worker.attempts,
    backoffMs: settings.worker.backoffMs,
    logger,
  });
}

function queueTarget(settings: Settings, database: Database): QueueTarget {
  if (settings.redisUrl !== undefined) return { kind: 'redis', url: settings.redisUrl };
  if (settings.databaseUrl !== undefined) return { kind: 'postgres', url: settings.databaseUrl };
  if (database.pglite !== undefined) return { kind: 'pglite', pglite: database.pglite };
  throw new SenditError('The embedded database has no engine.', { code: 'internal' });
}
