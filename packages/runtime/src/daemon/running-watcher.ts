import type { Settings } from '@sendit/config';
import { SenditError } from '@sendit/model';
import { findWatcher } from '../installation/find-watcher.ts';
import { openWatcherLock, toPidLock, toStateLock } from './watcher-lock.ts';

/**
 * Says at once that a watcher runs, before anything is prepared; the lock that the watcher takes decides between two that start
 * together. With the lock free, a pid file counts only where its process claimed it without one, as earlier releases did.
 * @throws SenditError `already-running`
 */
export async function refuseSecondStart(settings: Pick<Settings, 'pidFile' | 'stateDir'>): Promise<void> {
  const own = await openWatcherLock(toStateLock(settings.stateDir), settings);
  using _lock = own.kind === 'held' ? own.lock : undefined;
  const { pidFile, state } = await findWatcher(settings);
  if (state.kind !== 'running') return;
  const covered = own.kind === 'held' && toPidLock(pidFile) === own.lock.path;
  if (covered && (state.doubt !== null || state.record['owned'] === true)) return;
  throw new SenditError(`The watcher is already running with pid ${state.pid} (${pidFile}).`, {
    code: 'already-running',
    hint: '`sendit watcher stop` ends it; `sendit watcher start --replace` takes over.',
  });
}
