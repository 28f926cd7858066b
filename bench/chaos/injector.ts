import { systemClock } from '@sendit/model';
import type { SmallDisk } from '@sendit/testing/services';
import { openSql } from './database.ts';
import type { Installation } from './installation.ts';
import { lockFiles } from './lock-files.ts';
import { type Fault, isKill } from './schedule.ts';
import { runSecond } from './run-second.ts';
import type { Supervised } from './supervised.ts';

export interface InjectorDeps {
  readonly installation: Installation;
  /** Resolves when this many directories have been sent. */
  readonly sent: (count: number) => Promise<void>;
  readonly onFault: (fault: Fault) => void;
  readonly onSecond: (end: SecondEnd) => void;
}

/**
 * Outcome of a second watcher; `alone` where the first one was not there all the time, so that nothing is to be said.
 */
export type SecondEnd = 'refused' | 'admitted' | 'alone';

/**
 * Injects all faults, one after the other; freezes and full disks last on while the next ones come. At the end everything is thawed,
 * freed and running.
 */
export async function runInjector(faults: readonly Fault[], deps: InjectorDeps, signal: AbortSignal): Promise<void> {
  const { installation } = deps;
  const lasting = new Set<Promise<void>>();
  for (const fault of faults) {
    await deps.sent(fault.afterSends);
    signal.throwIfAborted();
    deps.onFault(fault);
    const end = await inject(fault, deps);
    if (end !== undefined) {
      const over = systemClock.sleep(fault.lastsMs, signal).then(end);
      lasting.add(over);
      void over.finally(() => lasting.delete(over));
      // With one process alone nothing else could happen meanwhile.
      if (installation.workers.length === 0) await over;
    }
    if (fault.awaitsRecovery && isKill(fault.kind)) await recovered(installation);
    await systemClock.sleep(fault.pauseMs, signal);
  }
  await Promise.all(lasting);
  await recovered(installation);
}

/** Does one; gives what ends it, where it lasts. */
async function inject(fault: Fault, deps: InjectorDeps): Promise<(() => Promise<void>) | undefined> {
  const { installation: at } = deps;
  const worker = at.workers[fault.worker] ?? at.daemon;
  switch (fault.kind) {
    case 'kill-daemon':
      await at.daemon.end('SIGKILL');
      return undefined;
    case 'kill-worker':
      await worker.end('SIGKILL');
      return undefined;
    case 'restart-daemon':
      await restart(at.daemon);
      return undefined;
    case 'restart-worker':
      await restart(worker);
      return undefined;
    case 'freeze-daemon':
      return freeze(at.daemon);
    case 'freeze-worker':
      return freeze(worker);
    case 'kill-postgres':
      await at.postgres?.stop('immediate');
      await at.postgres?.start();
      return undefined;
    case 'cut-postgres':
      await cutConnections(at);
      return undefined;
    case 'kill-redis':
      await at.redis?.stop('SIGKILL');
      await at.redis?.start();
      return undefined;
    case 'restart-redis':
      await at.redis?.stop('SIGTERM');
      await at.redis?.start();
      return undefined;
    case 'flush-redis':
      await at.redis?.flushAll();
      return undefined;
    case 'fill-state':
      return fill(at.stateDisk, () => Promise.resolve());
    case 'fill-postgres':
      return fill(at.postgresDisk, () => reviveIfDead(at));
    case 'second-container':
      deps.onSecond(await startSecond(at, { isFrozen: false }));
      return undefined;
    case 'second-while-frozen':
      deps.onSecond(await startSecond(at, { isFrozen: true }));
      return undefined;
    case 'lock-files':
      return lockFiles(at.share);
    case 'unmount-data':
      await at.mount?.unmount();
      return async () => at.mount?.mount();
  }
}

/** A frozen process would not hear SIGTERM. */
async function restart(process: Supervised): Promise<void> {
  process.thaw();
  await process.end('SIGTERM');
}

function freeze(process: Supervised): () => Promise<void> {
  process.freeze();
  return async () => process.thaw();
}

async function fill(disk: SmallDisk | undefined, after: () => Promise<void>): Promise<() => Promise<void>> {
  await disk?.fill();
  return async () => {
    await disk?.free();
    await after();
  };
}

/** Asks the first one to stand before, and to be the same process after. */
async function startSecond(at: Installation, { isFrozen }: { readonly isFrozen: boolean }): Promise<SecondEnd> {
  await at.daemon.ready();
  const first = at.daemon.pid;
  if (isFrozen) at.daemon.freeze();
  const wasRefused = await runSecond(at.second);
  if (isFrozen) at.daemon.thaw();
  if (wasRefused) return 'refused';
  return at.daemon.pid === first ? 'admitted' : 'alone';
}

async function cutConnections(at: Installation): Promise<void> {
  await using sql = await openSql(at.database);
  await sql.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and client_port is not null',
  );
}

/** PostgreSQL ends when it cannot write its log; whoever runs it starts it again once there is room. */
async function reviveIfDead(at: Installation): Promise<void> {
  try {
    await using sql = await openSql(at.database);
    await sql.query('select 1');
  } catch {
    await at.postgres?.stop('immediate');
    await at.postgres?.start();
  }
}

async function recovered(at: Installation): Promise<void> {
  await Promise.all([at.daemon, ...at.workers].filter((one) => !one.isFrozen).map((one) => one.ready()));
}
