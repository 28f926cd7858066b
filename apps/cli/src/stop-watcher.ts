import { unlink } from 'node:fs/promises';
import type { StopSettings } from '@sendit/config';
import { stopProcess } from '@sendit/daemon';
import { SenditError } from '@sendit/model';
import { findWatcher } from './running-watcher.ts';

/** How a watcher was stopped. */
export interface StoppedWatcher {
  readonly pid: number;
  /** It did not end within the time and was killed; what it was doing is done again at the next start. */
  readonly killed: boolean;
}

/**
 * Stops the running watcher of this installation: SIGTERM, SIGKILL after the time.
 * @throws SenditError `not-running` when no pid file exists, or only a stale one, which is removed.
 */
export async function stopWatcher(
  settings: Pick<StopSettings, 'pidFile'>,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<StoppedWatcher> {
  const { pidFile, state } = await findWatcher(settings);
  if (state.kind === 'running') {
    const target = { pid: state.pid, startTime: state.record?.startTime ?? null };
    const outcome = await stopProcess(target, options);
    if (outcome === 'killed') await unlink(pidFile);
    return { pid: state.pid, killed: outcome === 'killed' };
  }
  if (state.kind === 'stale') await unlink(pidFile);
  const stale = state.kind === 'stale' ? ` (a stale one was removed: ${state.reason})` : '';
  throw new SenditError(`No pid file exists at ${pidFile}${stale}`, {
    code: 'not-running',
    hint: 'The watcher is not running; `sendit watcher start` starts it. Another --state-dir or --config means another watcher.',
  });
}
