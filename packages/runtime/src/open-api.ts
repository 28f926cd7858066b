import type { SenditApi } from '@sendit/api';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Settings } from '@sendit/config';
import {
  type Handle,
  type Heartbeat,
  type QueueCounts,
  SenditError,
  silentLogger,
  toErrno,
  toHandle,
} from '@sendit/model';
import { connectApi } from '@sendit/portal';
import { locateDirectory } from './disk/locate-directory.ts';
import { findSocket } from './installation/find-watcher.ts';
import { openConfiguredDatabase, openConfiguredQueue } from './parts/open-stores.ts';
import { toKeptFacts } from './parts/kept-state.ts';
import { createStoreApi } from './parts/store-api.ts';

const START = 'Start the watcher once with `sendit watcher start`.';

/** The API, from wherever it can be had. */
export interface OpenedApi extends SenditApi, Handle {
  /** `daemon`: asked through the socket; `database`: read directly; `nothing`: there is no database yet. */
  readonly from: 'daemon' | 'database' | 'nothing';
}

/** Asks the running daemon on its socket; where none runs, opens the database itself (the embedded one under its lock). */
export async function openApi(settings: Settings): Promise<OpenedApi> {
  const client = connectApi(await findSocket(settings));
  if (await client.ping()) return { ...client, from: 'daemon', ...toHandle(() => Promise.resolve()) };
  if (settings.mode === 'embedded' && !existsSync(settings.databaseDir)) return nothingYet();
  const database = await openConfiguredDatabase(settings, { logger: silentLogger });
  const queue = {
    counts: async (): Promise<QueueCounts> => {
      await using opened = await openConfiguredQueue(settings, database, silentLogger);
      return await opened.counts();
    },
  };
  const located = settings.watchPaths.map(({ arrivingNames, folder, ignore, name, testPrefix }) => ({
    folder,
    testPrefix,
    ignore,
    arrivingNames,
    rootId: async () => (await database.roots.upsert({ name, path: folder })).id,
  }));
  const heartbeats = { list: async () => (await database.heartbeats.list()).filter(mayLive) };
  const api = createStoreApi(database, {
    heartbeats,
    queue,
    mode: settings.mode,
    ...toKeptFacts(settings, database),
    locate: (ref) => locateDirectory(ref, located, { isOwnHost: settings.mode === 'embedded' }),
  });
  return { ...api, from: 'database', ...toHandle(() => database.close()) };
}

const emptyPage = () => Promise.resolve({ count: 0, next: null, previous: null, results: [] });

const noDatabase = () =>
  Promise.reject(new SenditError('There is no database yet.', { code: 'not-found', hint: START }));

/** Before the first start there is nothing to ask, and looking must not create a database. */
function nothingYet(): OpenedApi {
  return {
    from: 'nothing',
    listBatches: emptyPage,
    listPending: emptyPage,
    listStudies: emptyPage,
    listSeries: emptyPage,
    listImages: emptyPage,
    listFindings: emptyPage,
    listWorkers: emptyPage,
    listJobs: emptyPage,
    readThroughput: emptyPage,
    listAudit: emptyPage,
    listActions: emptyPage,
    showBatch: () => Promise.resolve(undefined),
    explain: noDatabase,
    readHealth: noDatabase,
    readTotals: noDatabase,
    countStages: noDatabase,
    retryBatch: () => Promise.resolve({ kind: 'not-found' }),
    retryBatches: () => Promise.resolve({ batchIds: [], next: null }),
    pruneBatches: noDatabase,
    retryActions: () => Promise.resolve({ queued: 0 }),
    decide: noDatabase,
    readConfiguration: noDatabase,
    dryRun: noDatabase,
    pauseQueue: noDatabase,
    resumeQueue: noDatabase,
    acceptMount: noDatabase,
    listUsers: emptyPage,
    addUser: noDatabase,
    changeUser: noDatabase,
    removeUser: noDatabase,
    listTokens: emptyPage,
    createToken: noDatabase,
    revokeToken: noDatabase,
    listAccess: emptyPage,
    status: () =>
      Promise.resolve({
        active: false,
        pid: null,
        since: null,
        mode: 'embedded',
        portal: { url: null },
        roots: [],
        queue: { waiting: 0, active: 0, failed: 0 },
        actions: { pending: 0, running: 0, failed: 0 },
        problems: [],
      }),
    ...toHandle(() => Promise.resolve()),
  };
}

/** No watcher answers on its socket: on this host, a heartbeat whose process is gone is only what a kill left behind. */
function mayLive(beat: Heartbeat): boolean {
  if (beat.mode === 'embedded') return false;
  if (beat.host !== hostname()) return true;
  try {
    process.kill(beat.pid, 0);
    return true;
  } catch (error) {
    return toErrno(error) === 'EPERM';
  }
}
