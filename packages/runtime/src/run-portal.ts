import { once } from 'node:events';
import type { Settings } from '@sendit/config';
import { toAlertParts } from './parts/alert-part.ts';
import { toConfiguration } from './parts/configuration.ts';
import { toKeptFacts } from './parts/kept-state.ts';
import { openRunning, type Running } from './parts/open-running.ts';
import { openConfiguredDatabase, openConfiguredQueue } from './parts/open-stores.ts';
import { requireServer } from './parts/require-server.ts';
import { toPortalLink } from './installation/portal-link.ts';
import { openPortalToken, servePage } from './parts/serve-page.ts';
import { runTogether } from './parts/run-together.ts';
import { createStoreApi } from './parts/store-api.ts';
import { type AnyLogger, toLogger } from './parts/to-logger.ts';

export interface PortalReady {
  readonly url: string;
  /** Opens the page with all its names. */
  readonly link: string;
}

/** How {@link runPortal} runs. */
export interface PortalRunOptions {
  readonly signal: AbortSignal;
  /** None by default. */
  readonly logger?: AnyLogger | undefined;
  /** Directory of the built page; without it the API alone is served. */
  readonly page?: string | undefined;
  /** Called once, when it is served. */
  readonly onReady?: ((ready: PortalReady) => void) | undefined;
}

/**
 * Serves the page as its own process until aborted; the watchers' heartbeats tell whether one is active.
 * @throws SenditError `needs-server` when only an embedded database is configured: its watcher serves the page itself.
 */
export async function runPortal(settings: Settings, options: PortalRunOptions): Promise<void> {
  const { page, signal } = options;
  const logger = toLogger(options.logger);
  requireServer(settings, 'portal', 'Set DATABASE_URL, or just run `sendit watcher start`: it serves the page.');
  await using database = await openConfiguredDatabase(settings, { logger });
  await using queue = await openConfiguredQueue(settings, database, logger);
  const api = createStoreApi(database, {
    queue,
    mode: settings.mode,
    configuration: () => toConfiguration(settings),
    ...toKeptFacts(settings, database),
  });
  const token = await openPortalToken(settings);
  await using served = await servePage(settings, { api, logger, page, people: database.people, token });
  logger.info(`Portal: ${served.url}`);
  options.onReady?.({ url: served.url, link: toPortalLink(served.url, token) });
  const startedAt = new Date().toISOString();
  await runTogether(
    [
      async (partSignal) => {
        if (!partSignal.aborted) await once(partSignal, 'abort');
      },
      ...toAlertParts(settings, { api, database, logger, startedAt }),
    ],
    signal,
  );
  logger.info('Portal has been stopped.');
}

/**
 * {@link runPortal} as a handle: resolves once it is served.
 * @throws as {@link runPortal}
 */
export function openPortal(
  settings: Settings,
  options: Pick<PortalRunOptions, 'logger' | 'page'> = {},
): Promise<PortalReady & Running> {
  return openRunning<PortalReady>(({ onReady, signal }) => runPortal(settings, { ...options, signal, onReady }));
}
