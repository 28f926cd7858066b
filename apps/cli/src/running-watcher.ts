import type { Settings } from '@sendit/config';
import { listPidFiles, type PidFileState, readPidFile } from '@sendit/daemon';
import { SenditError } from '@sendit/model';
import { openWatcherLock, toPidLock, toStateLock } from './watcher-lock.ts';

/** What the pid files say about this installation. */
export interface FoundWatcher {
  /** The pid file that was found, else the configured one. */
  readonly pidFile: string;
  readonly state: PidFileState;
}

/** Looks for a running watcher where its pid file may be; a stale file counts only where nothing runs. */
export async function findWatcher(settings: Pick<Settings, 'pidFile'>): Promise<FoundWatcher> {
  let stale: FoundWatcher | undefined;
  for (const pidFile of listPidFiles(settings.pidFile)) {
    const state = await readPidFile(pidFile);
    if (state.kind === 'running') return { pidFile, state };
    if (state.kind === 'stale') stale ??= { pidFile, state };
  }
  return stale ?? { pidFile: settings.pidFile, state: { kind: 'none' } };
}

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

/** Where the running watcher answers, else where one would. */
export async function findSocket(settings: Pick<Settings, 'pidFile' | 'socketPath'>): Promise<string> {
  const { state } = await findWatcher(settings);
  return (state.kind === 'running' ? state.record?.socketPath : null) ?? settings.socketPath;
}
