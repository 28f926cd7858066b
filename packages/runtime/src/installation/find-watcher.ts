import type { Settings } from '@sendit/config';
import { listPidFiles, type PidFileState, readPidFile } from '@sendit/daemon';

/** State of this installation's watcher by its pid files. */
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

/** Where the running watcher answers, else where one would. */
export async function findSocket(settings: Pick<Settings, 'pidFile' | 'socketPath'>): Promise<string> {
  const { state } = await findWatcher(settings);
  return (state.kind === 'running' ? state.record?.socketPath : null) ?? settings.socketPath;
}
