import type { Settings } from '@sendit/config';
import { type Logger, SenditError } from '@sendit/model';
import { createDatabaseApi, createPortal, servePortal } from '@sendit/portal';
import { openConfiguredDatabase, openConfiguredQueue } from './parts/open-stores.ts';

/** What {@link runPortalProcess} is given beside the settings. */
export interface PortalDeps {
  readonly logger: Logger;
  /** Directory of the built page; without it the API alone is served. */
  readonly page?: string | undefined;
}

/**
 * The page as a process of its own, until aborted; active or inactive is told by the watchers' heartbeats.
 * @throws SenditError `needs-server` when only an embedded database is configured: its watcher serves the page itself.
 */
export async function runPortalProcess(
  settings: Settings,
  { logger, page }: PortalDeps,
  signal: AbortSignal,
): Promise<void> {
  if (settings.databaseUrl === undefined) {
    throw new SenditError(
      'A separate portal needs a PostgreSQL database; the embedded one belongs to the watcher process alone.',
      {
        code: 'needs-server',
        hint: 'Set DATABASE_URL, or just run `sendit watcher start`: it serves the page.',
      },
    );
  }
  await using database = await openConfiguredDatabase(settings, { logger });
  await using queue = await openConfiguredQueue(settings, database, logger);
  const { actions, batches, decisions, directories, heartbeats, mounts } = database;
  const api = createDatabaseApi({
    actions,
    batches,
    decisions,
    directories,
    heartbeats,
    mounts,
    queue,
    mode: settings.mode,
  });
  await using served = await servePortal(createPortal(api, { access: 'read-only', logger, page }), {
    host: settings.portal.host,
    port: settings.portal.port,
    portExplicit: settings.portalPortExplicit,
    logger,
  });
  logger.info(`Portal: ${served.url}`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  logger.info('Portal has been stopped.');
}
