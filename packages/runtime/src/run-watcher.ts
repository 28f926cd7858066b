import type { SenditApi } from '@sendit/api';
import type { Settings } from '@sendit/config';
import type { Place } from '@sendit/files';
import { openHeaderPool } from '@sendit/importer';
import { type RootStatus, systemClock } from '@sendit/model';
import { createPortal, serveSocket } from '@sendit/portal';
import type { Processor } from '@sendit/processors';
import { createWake, runRelay } from '@sendit/queue';
import { createProcessors } from './create-processors.ts';
import { openContentCheck } from './disk/content-check.ts';
import { locateDirectory } from './disk/locate-directory.ts';
import { explainRef } from './explain/explain-ref.ts';
import { createDiskWatch } from './disk/disk-watch.ts';
import { toAlertParts } from './parts/alert-part.ts';
import { toConfiguration } from './parts/configuration.ts';
import { guardPlaces } from './parts/guard-places.ts';
import { openHandOn } from './parts/hand-on.ts';
import { toHeartbeatPart } from './parts/heartbeat-part.ts';
import { toImportPart } from './parts/import-part.ts';
import { toKeptFacts } from './parts/kept-state.ts';
import { notePolicies } from './parts/note-policies.ts';
import { openRunning, type Running } from './parts/open-running.ts';
import { openConfiguredDatabase, openConfiguredQueue } from './parts/open-stores.ts';
import { openSteps } from './parts/steps.ts';
import { toPausePart } from './parts/pause-part.ts';
import { type Part, runTogether } from './parts/run-together.ts';
import { toPortalLink } from './installation/portal-link.ts';
import { openPortalToken, servePage } from './parts/serve-page.ts';
import { createStoreApi } from './parts/store-api.ts';
import { type AnyLogger, toLogger } from './parts/to-logger.ts';
import { openWatchPaths } from './watch-paths/open-watch-paths.ts';
import { VERSION } from './version.ts';
import { createWatcherStatus } from './watcher-status.ts';

/** Facts about the watcher once everything is up. */
export interface WatcherReady {
  /** The API of the socket, in-process. */
  readonly api: SenditApi;
  readonly portalUrl: string | null;
  /** Opens the page with all its names; not for a log. */
  readonly portalLink: string | null;
  readonly roots: readonly RootStatus[];
}

/** How {@link runWatcher} runs. */
export interface WatcherOptions {
  readonly signal: AbortSignal;
  /** None by default. */
  readonly logger?: AnyLogger | undefined;
  /** One for each watch path, in the same order; by default those that the settings name. */
  readonly processors?: readonly Processor[] | undefined;
  /** Directory of the built page; without it the portal serves the API alone. */
  readonly page?: string | undefined;
  /** Places that the caller holds open, and that must stay in place while the watcher runs. */
  readonly places?: readonly Place[] | undefined;
  /** Called once something fails for good, before the rest is stopped. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** Called once, when every watch stands and the socket answers. */
  readonly onReady?: ((ready: WatcherReady) => void | Promise<void>) | undefined;
}

/**
 * The whole watcher, wired: database, queue, watch paths, relay, socket; on the embedded database the import worker and the page too.
 * Lasts until aborted, then lets running imports end and closes everything in reverse.
 * @throws SenditError when something cannot be opened; nothing is left open.
 */
export async function runWatcher(settings: Settings, options: WatcherOptions): Promise<void> {
  const { onFailure, onReady, places = [], signal } = options;
  const logger = toLogger(options.logger);
  const processors = options.processors ?? createProcessors(settings);
  const { mode } = settings;
  const embedded = mode === 'embedded';
  const startedAt = new Date().toISOString();
  const wake = createWake();
  let databaseProblem: string | null = null;
  let portalUrl: string | null = null;

  await using database = await openConfiguredDatabase(settings, { logger });
  await using queue = await openConfiguredQueue(settings, database, logger);
  // Before the first import begins.
  await notePolicies(settings.watchPaths, database);
  // Before the first import can end.
  await using contents = openContentCheck(settings.worker);
  await using handOn = await openHandOn(settings, { database, contents, logger });
  const disks = openDisks(settings, database);
  await using steps = embedded ? await openSteps(settings, { database, logger }) : undefined;
  await using watched = await openWatchPaths(settings.watchPaths, {
    database,
    contents,
    processors,
    isQuietSet: (index) => settings.sources[`watchPaths[${index}].quietMs`] !== 'default',
    logger,
    onSealed: () => wake.wake(),
    diskOf: (folder) => disks.of(folder),
  });
  const api = createStoreApi(database, {
    queue,
    mode,
    locate: (ref) => locateDirectory(ref, watched.located, { isOwnHost: true }),
    onDecided: (directory, note) => watched.decide(directory, note),
    status: createWatcherStatus({
      database,
      queue,
      mode,
      startedAt,
      version: VERSION,
      kept: toKeptFacts(settings, database),
      databaseDisk: () => (embedded ? disks.of(settings.databaseDir) : null),
      roots: () => watched.status(),
      portalUrl: () => portalUrl,
      databaseProblem: () => databaseProblem,
    }),
    pending: () => watched.pending(),
    configuration: () => toConfiguration(settings),
    explain: (ref) => explainRef(settings, ref),
  });
  const token = await openPortalToken(settings);
  // Its mode says who may connect: they may have the token too.
  const told: SenditApi = {
    ...api,
    status: async () => {
      const status = await api.status();
      return { ...status, portal: { ...status.portal, token } };
    },
  };
  await using _socket = await serveSocket(createPortal(told, { access: 'full', logger }), {
    socketPath: settings.socketPath,
    logger,
  });
  await using page =
    embedded && settings.portal.enabled
      ? await servePage(settings, { api, logger, page: options.page, people: database.people, token })
      : undefined;
  portalUrl = page?.url ?? null;
  const portalLink = page === undefined ? null : toPortalLink(page.url, token);
  await using readers = embedded ? openHeaderPool(settings.worker) : undefined;

  const { outbox, studies: store } = database;
  const onHealth = (problem: string | null): void => {
    databaseProblem = problem;
  };
  const snapshot = () => {
    const databaseDisk = (embedded ? disks.of(settings.databaseDir) : null) ?? undefined;
    return { startedAt, mode, portalUrl, version: VERSION, databaseDisk, roots: watched.status() };
  };
  const held = [...places, ...database.places];
  const parts: Part[] = [
    ...watched.parts,
    ...handOn.parts,
    ...(steps?.parts ?? []),
    (partSignal) => runRelay({ outbox, queue, clock: systemClock, logger, wake }, partSignal),
    toHeartbeatPart(database, { snapshot, logger, onHealth }),
    toPausePart(database, { queue, logger }),
    (partSignal) => disks.run(partSignal),
    ...toAlertParts(settings, { api, database, logger, startedAt }),
    (partSignal) => guardPlaces({ places: held, clock: systemClock, logger }, partSignal),
    async () => onReady?.({ api, portalUrl, portalLink, roots: watched.status() }),
  ];
  if (readers !== undefined) parts.push(toImportPart(settings, { queue, store, readers, logger }));
  await runTogether(parts, signal, onFailure);
}

/** The disks of the watch paths, and that of the embedded database. */
function openDisks(
  { databaseDir, mode, watchPaths }: Settings,
  { states }: Awaited<ReturnType<typeof openConfiguredDatabase>>,
) {
  const folders = [...watchPaths.map(({ folder }) => folder), ...(mode === 'embedded' ? [databaseDir] : [])];
  const store = { read: () => states.read('disks'), keep: (value: unknown) => states.keep('disks', value) };
  return createDiskWatch(folders, { clock: systemClock, store });
}

/** How {@link openWatcher} opens one. */
export type OpenWatcherOptions = Omit<WatcherOptions, 'signal' | 'onReady'>;

/**
 * {@link runWatcher} as a handle: resolves once every watch stands and the socket answers.
 * @throws as {@link runWatcher}
 */
export function openWatcher(settings: Settings, options: OpenWatcherOptions = {}): Promise<WatcherReady & Running> {
  return openRunning<WatcherReady>(({ onReady, signal }) => runWatcher(settings, { ...options, signal, onReady }));
}
