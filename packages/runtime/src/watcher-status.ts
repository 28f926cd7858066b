import type { Health, WatcherStatus } from '@sendit/api';
import { hostname } from 'node:os';
import type { DiskSpace, Mode, RootStatus } from '@sendit/model';
import type { Database } from '@sendit/persistence';
import { createWorkReader, readQueue, toHealthFields, toJudged, toWorkFields } from '@sendit/portal';
import type { ImportQueue } from '@sendit/queue';
import type { KeptFacts } from './parts/kept-state.ts';

const NONE_HELD = { missing: 0, unreadable: 0, held: 0, failed: 0, quarantined: 0 };

export interface WatcherStatusDeps {
  readonly database: Pick<Database, 'actions' | 'batches' | 'heartbeats' | 'queuePause' | 'views'>;
  readonly queue: ImportQueue;
  readonly mode: Mode;
  readonly startedAt: string;
  readonly version: string;
  readonly kept: KeptFacts;
  /** Of the embedded database. */
  readonly databaseDisk: () => DiskSpace | null;
  readonly roots: () => readonly RootStatus[];
  readonly portalUrl: () => string | null;
  /** Why the database does not answer; null while it does. */
  readonly databaseProblem: () => string | null;
}

/** The status from this process itself, so that it answers while the database does not. */
export function createWatcherStatus(deps: WatcherStatusDeps): () => Promise<WatcherStatus> {
  const { actions, batches, heartbeats } = deps.database;
  const { kept, mode, queue, startedAt, version } = deps;
  const { queuePause, views } = deps.database;
  const readWork = createWorkReader({
    readFailing: kept.readFailing,
    readPause: () => queuePause.read(),
    work: () => views.work(),
    countStages: (midnight) => views.countStages(midnight),
  });
  let health: Health | undefined;
  return async () => {
    const now = Date.now();
    const counted = await readQueue(queue);
    const roots = [...deps.roots()];
    const database = deps.databaseProblem();
    const ask = async <T>(work: () => Promise<T>): Promise<T | null> =>
      deps.databaseProblem() === null ? work().catch(() => null) : null;
    const waiting = await ask(() => actions.counts());
    const beats = await ask(() => heartbeats.list());
    const unseen = {
      late: (await ask(() => batches.countLate())) ?? 0,
      ...((await ask(() => batches.countHeld())) ?? NONE_HELD),
    };
    const told = { facts: await ask(readWork), beats, databaseDisk: deps.databaseDisk() };
    const judging = toJudged(told, { limits: kept.limits, roots });
    const asked = { ...judging, now, mode, isActive: true, database, queue: counted, beats, roots };
    const judged = toHealthFields({ ...asked, actions: waiting, batches: unseen }, health);
    health = judged.health;
    return {
      active: true,
      pid: process.pid,
      since: startedAt,
      mode,
      portal: { url: deps.portalUrl() },
      roots,
      queue: counted.counts,
      actions: waiting,
      host: hostname(),
      version,
      ...toWorkFields(told),
      ...judged,
    };
  };
}
