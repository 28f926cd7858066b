import type { Settings } from '@sendit/config';
import { resolveStateFiles, startDetached } from '@sendit/daemon';
import { findWatcher } from '../installation/find-watcher.ts';
import type { SettingsFlags } from '../cli-settings.ts';
import { stopWatcher } from './stop-watcher.ts';
import { requireOpenFiles } from '../parts/require-open-files.ts';
import { removeStalePidFile } from './watcher-lock.ts';

/** Longest time from the start of the daemon until every watch exists; a first start creates a database. */
const START_TIMEOUT_MS = 120_000;

/** The started daemon's facts about itself. */
export interface StartedWatcher {
  readonly pid: number;
  readonly portalUrl: string | null;
  /** Opens the page with all its names. */
  readonly portalLink: string | null;
}

/** Options of {@link startWatcher}. */
export interface StartWatcherOptions {
  /** The daemon's main module: reads its flags by `receiveInput` and runs {@link runDaemonProcess}. */
  readonly modulePath: string;
  readonly flags: SettingsFlags;
  /** Lines that belong on the terminal. */
  readonly onLine: (line: string, stream: 'out' | 'err') => void;
  readonly signal: AbortSignal;
}

/**
 * Starts the daemon and waits until its pid file and all its watches exist.
 * @throws SenditError the reason why it did not start; nothing is left running, and no pid file, even of a daemon that had to be killed.
 */
export async function startWatcher(settings: Settings, options: StartWatcherOptions): Promise<StartedWatcher> {
  requireOpenFiles();
  const files = await resolveStateFiles(settings);
  const starting = startDetached({
    modulePath: options.modulePath,
    args: [],
    input: options.flags,
    env: process.env,
    cwd: process.cwd(),
    outFile: files.outFile,
    errFile: files.errFile,
    timeoutMs: START_TIMEOUT_MS,
    onLine: options.onLine,
    signal: options.signal,
  });
  const { pid, info } = await starting.catch(async (error: unknown) => {
    const { pidFile } = await findWatcher(settings);
    await removeStalePidFile(pidFile);
    throw error;
  });
  const read = (name: string): string | null => (typeof info[name] === 'string' ? info[name] : null);
  return { pid, portalUrl: read('portalUrl'), portalLink: read('portalLink') };
}

/** For `--replace` and `restart`: stops the running watcher, if there is one; its pid. */
export async function stopIfRunning(settings: Settings, signal: AbortSignal): Promise<number | undefined> {
  const { state } = await findWatcher(settings);
  if (state.kind !== 'running') return undefined;
  const { pid } = await stopWatcher(settings, { timeoutMs: settings.stopTimeoutMs, signal });
  return pid;
}
