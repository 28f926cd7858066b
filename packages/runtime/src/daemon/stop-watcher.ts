import { hostname } from 'node:os';
import type { StopSettings } from '@sendit/config';
import { stopProcess } from '@sendit/daemon';
import { isOpenIn } from '@sendit/files';
import { SenditError } from '@sendit/model';
import { connectApi } from '@sendit/portal';
import { findWatcher } from '../installation/find-watcher.ts';
import { describeHolder, removeStalePidFile, toPidLock } from './watcher-lock.ts';

/** How a watcher was stopped. */
export interface StoppedWatcher {
  readonly pid: number;
  /** It did not end within the time and was killed; what it was doing is done again at the next start. */
  readonly killed: boolean;
}

/**
 * Stops the running watcher of this installation: SIGTERM, SIGKILL after the time.
 * @throws SenditError `not-running` when no pid file exists, or only a stale one, which is removed; `refused` when the watcher runs
 * where this process cannot reach it (another container): nothing is touched then.
 */
export async function stopWatcher(
  settings: Pick<StopSettings, 'pidFile' | 'socketPath'>,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<StoppedWatcher> {
  const { pidFile, state } = await findWatcher(settings);
  if (state.kind === 'running') {
    const target = { pid: state.pid, startTime: state.record?.startTime ?? null };
    const outcome = await stopProcess(target, options);
    if (outcome === 'killed') await removeStalePidFile(pidFile);
    return { pid: state.pid, killed: outcome === 'killed' };
  }
  const locking = await removeStalePidFile(pidFile);
  const holder = locking?.holder;
  // Its pid file was deleted: what has the lock open in this pid namespace is the watcher.
  if (holder?.host === hostname() && isOpenIn(holder.pid, toPidLock(pidFile))) {
    const outcome = await stopProcess({ pid: holder.pid, startTime: null }, options);
    return { pid: holder.pid, killed: outcome === 'killed' };
  }
  if (await answers(settings.socketPath)) throw toElsewhere(`it answers on ${settings.socketPath}`);
  if (locking !== undefined) {
    throw toElsewhere(`${holder === undefined ? 'another process' : describeHolder(holder)} holds its lock`);
  }
  const stale = state.kind === 'stale' ? ` (a stale one was removed: ${state.reason})` : '';
  throw new SenditError(`No pid file exists at ${pidFile}${stale}`, {
    code: 'not-running',
    hint: 'The watcher is not running; `sendit watcher start` starts it. Another --state-dir or --config means another watcher.',
  });
}

/** One that is there and does not answer holds the lock. */
async function answers(socketPath: string): Promise<boolean> {
  try {
    return await connectApi(socketPath).ping();
  } catch {
    return false;
  }
}

function toElsewhere(how: string): SenditError {
  return new SenditError(`The watcher runs where this command cannot stop it, perhaps in another container: ${how}.`, {
    code: 'refused',
    hint: 'Run `sendit watcher stop` where it runs, or stop its container or service. Nothing was touched.',
  });
}
