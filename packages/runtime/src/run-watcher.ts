import type { Health, SenditApi, WatcherStatus } from '@sendit/api';
import type { Settings } from '@sendit/config';
import type { Place } from '@sendit/files';
import { openHeaderPool } from '@sendit/importer';
import { runHeartbeat } from '@sendit/daemon';
import { type Logger, type RootStatus, systemClock } from '@sendit/model';
import { createDatabaseApi, createPortal, readQueue, servePortal, serveSocket, toHealthFields } from '@sendit/portal';
import type { Processor } from '@sendit/processors';
import { createWake, runRelay } from '@sendit/queue';
import { runImportWorker } from './parts/import-worker.ts';
import { openConfiguredDatabase, openConfiguredQueue } from './parts/open-stores.ts';
import { locateDirectory } from './disk/locate-directory.ts';
import { notePolicies } from './parts/note-policies.ts';
import { guardPlaces } from './parts/guard-places.ts';
import { openHandOn } from './parts/hand-on.ts';
import { type Part, runTogether } from './parts/run-together.ts';
import { openWatchPaths } from './watch-paths/open-watch-paths.ts';

const NONE_HELD = { missing: 0, unreadable: 0 };

/** What the watcher has become once everything stands. */
export interface WatcherReady {
  readonly portalUrl: string | null;
  readonly roots: readonly RootStatus[];
}

/** What {@link runWatcher} is given beside the settings. */
export interface WatcherDeps {
  /** One for each watch path, in the same order. */
  readonly processors: readonly Processor[];
  readonly logger: Logger;
  /** Directory of the built page; without it the portal serves the API alone. */
  readonly page?: string | undefined;
  /** What the caller holds open, and must stay in place while the watcher runs. */
  readonly places: readonly Place[];
  /** Called once something fails for good, before the rest is stopped. */
  readonly onFailure?: (error: unknown) => void;
  /** Called once, when every watch stands and the socket answers. */
  readonly onReady: (ready: WatcherReady) => Promise<void>;
}

/**
 * The whole watcher, wired: database, queue, watch paths, relay, socket; on the embedded database the import worker and the page too.
 * Lasts until aborted, then lets running imports end and closes everything in reverse.
 * @throws SenditError when something cannot be opened; nothing is left open.
 */
export async function runWatcher(settings: Settings, deps: WatcherDeps, signal: AbortSignal): Promise<void> {
  const { logger } = deps;
  const embedded = settings.mode === 'embedded';
  const startedAt = new Date().toISOString();
  const wake = createWake();
  let databaseProblem: string | null = null;
  let health: Health | undefined;
  let portalUrl: string | null = null;

  await using database = await openConfiguredDatabase(settings, { logger });
  await using queue = await openConfiguredQueue(settings, database, logger);
  // Before the first import begins.
  await notePolicies(settings.watchPaths, database);
  // Before the first import can end.
  await using handOn = await openHandOn(settings, { database, logger });
  await using watched = await openWatchPaths(settings.watchPaths, {
    database,
    processors: deps.processors,
    isQuietSet: (index) => settings.sources[`watchPaths[${index}].quietMs`] !== 'default',
    logger,
    onSealed: () => wake.wake(),
  });
  const { actions, batches, decisions, directories, heartbeats, mounts, outbox, studies } = database;
  const api: SenditApi = {
    ...createDatabaseApi({
      actions,
      batches,
      decisions,
      directories,
      heartbeats,
      mounts,
      queue,
      mode: settings.mode,
      locate: (ref) => locateDirectory(ref, watched.located, { isOwnHost: true }),
      onDecided: (directory, note) => watched.decide(directory, note),
    }),
    status: readStatus,
    listPending: () => Promise.resolve(watched.pending()),
  };
  await using _socket = await serveSocket(createPortal(api, { access: 'full', logger }), {
    socketPath: settings.socketPath,
    logger,
  });
  await using page =
    embedded && settings.portal.enabled
      ? await servePortal(createPortal(api, { access: 'read-only', logger, page: deps.page }), {
          host: settings.portal.host,
          port: settings.portal.port,
          portExplicit: settings.portalPortExplicit,
          logger,
        })
      : undefined;
  portalUrl = page?.url ?? null;
  await using readers = embedded ? openHeaderPool(settings.worker) : undefined;

  const heartbeat = {
    heartbeats,
    ping: () => database.ping(),
    snapshot: () => ({ startedAt, mode: settings.mode, portalUrl, roots: watched.status() }),
    clock: systemClock,
    logger,
    onHealth: (problem: string | null) => {
      databaseProblem = problem;
    },
  };
  const places = [...deps.places, ...database.places];
  const parts: Part[] = [
    ...watched.parts,
    ...handOn.parts,
    (partSignal) => runRelay({ outbox, queue, clock: systemClock, logger, wake }, partSignal),
    (partSignal) => runHeartbeat(heartbeat, partSignal),
    (partSignal) => guardPlaces({ places, clock: systemClock, logger }, partSignal),
    () => deps.onReady({ portalUrl, roots: watched.status() }),
  ];
  if (readers !== undefined) {
    const { concurrency, filter, hash: scope, hashAlgorithm: algorithm, extraAttributes: extra } = settings.worker;
    const hash = { scope, algorithm };
    const { limits } = settings;
    const importing = { queue, store: studies, readers, concurrency, filter, hash, extra, limits, logger };
    parts.push((partSignal) => runImportWorker(importing, partSignal));
  }
  await runTogether(parts, signal, deps.onFailure);

  /** From this process itself, so that it answers while the database does not. */
  async function readStatus(): Promise<WatcherStatus> {
    const now = Date.now();
    const { mode } = settings;
    const counted = await readQueue(queue);
    const roots = watched.status();
    const ask = async <T>(work: () => Promise<T>): Promise<T | null> =>
      databaseProblem === null ? work().catch(() => null) : null;
    const waiting = await ask(() => actions.counts());
    const beats = await ask(() => heartbeats.list());
    const unseen = {
      late: (await ask(() => batches.countLate())) ?? 0,
      ...((await ask(() => batches.countHeld())) ?? NONE_HELD),
    };
    const asked = { now, mode, isActive: true, database: databaseProblem, queue: counted, beats, roots };
    const judged = toHealthFields({ ...asked, actions: waiting, batches: unseen }, health);
    health = judged.health;
    return {
      active: true,
      pid: process.pid,
      since: startedAt,
      mode,
      portal: { url: portalUrl },
      roots,
      queue: counted.counts,
      actions: waiting,
      ...judged,
    };
  }
}
