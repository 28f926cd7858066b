import { existsSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Settings } from '@sendit/config';
import {
  claimPidFile,
  combineLoggers,
  createLogger,
  createSink,
  openLogFiles,
  printable,
  reportLine,
  resolveStateFiles,
  routeConsole,
  type StateFiles,
} from '@sendit/daemon';
import { type HeldDirectory, openDirectory } from '@sendit/files';
import { SenditError, toMessage } from '@sendit/model';
import type { Processor } from '@sendit/processors';
import { openConsoleLogger } from './console-logger.ts';
import { openWatcherLock, type OwnLock, toPidLock, toStateLock } from './watcher-lock.ts';
import { requireOpenFiles } from '../parts/require-open-files.ts';
import { toServiceManager } from '../parts/service-manager.ts';
import type { WatcherReady } from '../run-watcher.ts';

/** Lines of the log that the terminal shows which starts the daemon, without their time. */
const WORTH_SHOWING = /^(?:\S+ )?((?:WARNING|ERROR) .*|\{.*"level":"(?:WARNING|ERROR)".*)\n$/s;

/** Grace period in ms for the other parts after one has failed for good; as after a crash, nothing acknowledged is lost. */
const END_MS = 5_000;

export interface DaemonOptions {
  readonly settings: Settings;
  /** One for each watch path, in the same order. */
  readonly processors: readonly Processor[];
  /** From loading the settings; said once the log stands. */
  readonly warnings: readonly string[];
  /** In the foreground the transcript is shown as well as written. */
  readonly foreground: boolean;
  /** Directory of the built page. */
  readonly page?: string | undefined;
  /** Called once when everything stands. */
  readonly onReady: (ready: WatcherReady) => Promise<void>;
}

/**
 * The life of the daemon: the lock of its state directory, pid file, log files, then the watcher until aborted; SIGHUP opens the log files again. What the seed says
 * at start (`DEBUG Adding watch on …`) goes to stdout whatever the level; in a detached process, to the terminal that starts it.
 * @throws SenditError `already-running`, `state-directory`, or whatever could not be opened.
 */
export async function runDaemonProcess(options: DaemonOptions, signal: AbortSignal): Promise<void> {
  const { settings, foreground } = options;
  requireOpenFiles();
  await openStateDirectory(settings.stateDir);
  const state = await openWatcherLock(toStateLock(settings.stateDir), settings);
  using stateLock = state.kind === 'held' ? state.lock : undefined;
  if (state.kind === 'none' && state.error === undefined && settings.mode === 'embedded')
    throw toUnlockable(state.reason);
  const files = await resolveStateFiles(settings);
  const pidLockFile = toPidLock(files.pidFile);
  const pid = pidLockFile === stateLock?.path ? undefined : await openWatcherLock(pidLockFile, files);
  using pidLock = pid?.kind === 'held' ? pid.lock : undefined;
  using stateHeld = stateLock === undefined ? holdDirectory(settings.stateDir) : undefined;
  const places = [stateLock ?? stateHeld, pidLock].filter((place) => place !== undefined);
  await using logFiles = await openLogFiles({
    outFile: files.outFile,
    errFile: files.errFile,
    ...settings.logs,
    // Lines of JSON have their time.
    outTimes: settings.logFormat === 'text',
    warn: (message) => warnOnStderr(message, settings.logFormat),
  });
  const starter = {
    // What a person must see at start. Why it does not start at all is told by the error itself.
    write: (line: string) => {
      const [, shown] = WORTH_SHOWING.exec(line) ?? [];
      if (shown !== undefined) reportLine('err', shown);
    },
  };
  const err = createSink(logFiles.err, ...(foreground ? [] : [starter]));
  const { messageLevel: level, logFormat: format } = settings;
  const fileLogger = createLogger({ level, format, out: logFiles.out, err, colour: false, now: () => new Date() });
  const logger = foreground ? combineLoggers(fileLogger, openConsoleLogger(settings)) : fileLogger;
  using _console = routeConsole(logger);
  for (const warning of [...options.warnings, ...files.warnings, ...toLockWarnings(pid ?? state)])
    logger.warning(warning);

  const socketPath = socketPathFor(settings, files);
  await using _pidFile = await claimPidFile(
    files.pidFile,
    {
      socketPath,
      outFile: files.outFile,
      errFile: files.errFile,
      configFile: settings.configFile ?? null,
      mode: settings.mode,
    },
    { logger, owned: pid === undefined || pidLock !== undefined },
  );
  const onHangUp = (): void => void logFiles.reopen();
  process.on('SIGHUP', onHangUp);
  const service = toServiceManager(logger, signal);
  let told = false;
  const onFailure = (error: unknown): void => {
    if (told) return;
    told = true;
    // Who looks for the reason looks where the path leads now; a directory that was deleted is not made again for it.
    if (existsSync(dirname(files.errFile))) void logFiles.reopen();
    const code = error instanceof SenditError ? { code: error.code } : {};
    logger.abort(`The watcher ended: ${toMessage(error)}`, code);
  };
  const onFailureWhileRunning = (error: unknown): void => {
    onFailure(error);
    setTimeout(() => process.exit(1), END_MS).unref();
  };
  try {
    const { page, processors } = options;
    const deps = { processors, logger, page, places, onFailure: onFailureWhileRunning, onReady };
    // Loaded when needed: starting and stopping a process of its own should not pay for it.
    const { runWatcher } = await import('../run-watcher.ts');
    await runWatcher({ ...settings, socketPath }, { ...deps, signal });
  } catch (error) {
    onFailure(error);
    throw error;
  } finally {
    process.off('SIGHUP', onHangUp);
  }
  // In the foreground the command says it.
  fileLogger.debug('Dicom watching has been stopped.');

  async function onReady(ready: WatcherReady): Promise<void> {
    for (const watchPath of settings.watchPaths) {
      say(`DEBUG Adding watch on ${printable(watchPath.folder)}, processed by ${watchPath.processor}`);
    }
    await options.onReady(ready);
    err.redirect(logFiles.err);
    await service.ready();
  }

  function say(line: string): void {
    if (foreground) process.stdout.write(`${line}\n`);
    else reportLine('out', line);
  }
}

/** Straight to the descriptor: on a full disk, `process.stderr` would turn its own failure into an uncaught error. */
function warnOnStderr(message: string, format: Settings['logFormat']): void {
  const err = { write: (line: string) => writeSync(2, line) };
  try {
    createLogger({ level: 'WARNING', format, out: err, err, colour: false, now: () => new Date() }).warning(message);
  } catch {
    // There is nobody left to tell.
  }
}

/** Where pid and log files had to go to the temp directory, the state directory would not take the socket either. */
function socketPathFor(settings: Settings, files: StateFiles): string {
  const isBeside = dirname(settings.socketPath) === settings.stateDir;
  return files.isFallback && isBeside ? join(dirname(files.pidFile), 'api.sock') : settings.socketPath;
}

/** Servers keep their rows apart by themselves; two watchers of one folder only waste work. */
function toLockWarnings(own: Pick<OwnLock, 'kind'> & { readonly reason?: string }): readonly string[] {
  if (own.kind !== 'none') return [];
  return [`A second watcher on this state directory is recognised by its pid file alone: ${own.reason}`];
}

function toUnlockable(reason: string): SenditError {
  return new SenditError(`Expected to lock the state directory, got: ${reason}.`, {
    code: 'database-locked',
    hint: 'Without a lock two processes would destroy the embedded database: install the program flock (util-linux) or the package koffi, put the state directory on a file system that can lock, or set DATABASE_URL to use a PostgreSQL.',
  });
}

/** Nobody else's business: folder names may tell about patients. One that is there keeps its mode; where it cannot be made, the files in it say so. */
async function openStateDirectory(stateDir: string): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 }).catch(() => undefined);
}

/** Where it could not be made nothing is kept in it. */
function holdDirectory(stateDir: string): HeldDirectory | undefined {
  try {
    return openDirectory(stateDir);
  } catch {
    return undefined;
  }
}
