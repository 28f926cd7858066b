import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { listConfigFiles, type Settings, type StopSettings, toConfigurationError, toSocketPath } from '@sendit/config';
import type { PidRecord } from '@sendit/daemon';
import { type Clock, SenditError, systemClock, toHandle } from '@sendit/model';
import { type ApiClient, connectApi } from '@sendit/portal/client';
import { findInstallation, type Installation, type Place } from './find-installation.ts';
import type { OpenedApi } from '../open-api.ts';
import { findWatcher } from './find-watcher.ts';
import type { SettingsFlags } from '../cli-settings.ts';

/** Longest wait for a watcher that has begun to start; a first start makes a database. */
const START_MS = 60_000;
const LOOK_MS = 100;

/** Where a command is run. */
type AskedPlace = Pick<Place, 'cwd' | 'env'>;

/** The installation that a command asks about. */
export interface Asked {
  /** The watcher that its pid file names; it may still be starting. */
  readonly running: { readonly pid: number; readonly record: PidRecord } | undefined;
  readonly paths: Pick<StopSettings, 'stateDir' | 'pidFile' | 'outFile' | 'errFile' | 'socketPath'>;
  /** Problem of the configuration file, if it had to be read; a running watcher answers all the same. */
  readonly problem: SenditError | undefined;
  /** @throws SenditError `bad-configuration` */
  readonly settings: () => Promise<Settings>;
}

/**
 * Finds the installation that a command asks about, and the watcher that runs there; a configuration is read only where the state
 * directory does not tell.
 * @throws SenditError `not-found` with the folders that were looked into.
 */
export async function findAsked(flags: SettingsFlags, place: AskedPlace = toPlace()): Promise<Asked> {
  const found = await findInstallation({ ...place, flags: flags as never });
  if (found.kind === 'none') throw toNothingHere(found.looked);
  // Loaded when needed: most questions go to a running watcher, and a start of the command line should not pay for the rest.
  const load = async () =>
    (await import('@sendit/runtime/settings')).loadAskedSettings(flags, { ...place, searchFolder: found.folder });
  const settings = async (): Promise<Settings> => {
    const result = await load();
    if (result.kind === 'invalid') throw toConfigurationError(result);
    return result.settings;
  };
  const near = toPaths(found.stateDir);
  const isElsewhere = [place.env['SENDIT_PID_FILE'], place.env['SENDIT_SOCKET_PATH']].some((one) => (one ?? '') !== '');
  const watcher = isElsewhere ? undefined : (await findWatcher(near)).state;
  const nearby = watcher?.kind === 'running' ? { ...near, ...toRecorded(watcher.record) } : near;
  if (watcher?.kind === 'running' && (await isOf(watcher.record, found, flags, place.cwd))) {
    return { running: watcher, paths: nearby, problem: undefined, settings };
  }
  const result = await load();
  const problem = result.kind === 'invalid' ? toConfigurationError(result) : undefined;
  const paths = result.kind === 'invalid' ? result.stopping : result.settings;
  const { state } = await findWatcher(paths);
  if (state.kind === 'running') {
    return { running: state, paths: { ...paths, ...toRecorded(state.record) }, problem, settings };
  }
  if (watcher?.kind === 'running') return { running: watcher, paths: nearby, problem, settings };
  return { running: undefined, paths, problem, settings };
}

/** How a command that asks wants to be answered. */
export interface AskOptions {
  readonly onWarning: (message: string) => void;
  /** Whether there is an answer where nothing was ever started: what a watcher would do. False by default. */
  readonly beforeFirstStart?: boolean;
  readonly clock?: Clock;
  /** Defaults to this process's. */
  readonly place?: AskedPlace;
}

/**
 * Opens the API of the installation that a command asks about: the running watcher's, which is waited for while it starts; else the database.
 * @throws SenditError `not-found` where nothing is or was ever started; `bad-configuration` where no watcher runs that could be asked
 */
export async function openAsked(
  flags: SettingsFlags,
  options: AskOptions,
): Promise<OpenedApi & Pick<Asked, 'settings'>> {
  const asked = await findAsked(flags, options.place);
  const { problem, running, settings } = asked;
  const client = connectApi(asked.paths.socketPath);
  if (await client.ping()) {
    if (problem !== undefined) options.onWarning(toWarning(problem));
    return { ...toOpened(client), settings };
  }
  if (problem !== undefined && running === undefined) throw problem;
  const loaded = problem === undefined ? await settings() : undefined;
  if (running !== undefined && loaded?.mode !== 'postgres' && loaded?.mode !== 'postgres+redis') {
    await waitForStart(client, { pid: running.pid, pidFile: asked.paths.pidFile }, options.clock ?? systemClock);
    return { ...toOpened(client), settings };
  }
  const own = loaded ?? (await settings());
  if (own.mode === 'embedded' && options.beforeFirstStart !== true && !existsSync(own.stateDir)) {
    throw toNeverStarted(own);
  }
  const { openApi } = await import('@sendit/runtime');
  return { ...(await openApi(own)), settings };
}

/** Warning for a running watcher whose configuration file is now invalid. */
export function toWarning(problem: SenditError): string {
  return `${problem.message} The watcher that runs is asked all the same; \`sendit config check\` says what is wrong.`;
}

function toOpened(client: ApiClient): OpenedApi {
  return { ...client, from: 'daemon', ...toHandle(() => Promise.resolve()) };
}

async function waitForStart(
  client: ApiClient,
  { pid, pidFile }: { readonly pid: number; readonly pidFile: string },
  clock: Clock,
): Promise<void> {
  const deadline = clock.now() + START_MS;
  while (!(await client.ping())) {
    const { state } = await findWatcher({ pidFile });
    if (state.kind !== 'running') {
      throw new SenditError(`The watcher with pid ${pid} ended while it was starting.`, {
        code: 'not-running',
        hint: '`sendit watcher logs --err` says why.',
      });
    }
    if (clock.now() > deadline) {
      throw new SenditError(`The watcher with pid ${pid} runs and does not answer.`, {
        code: 'not-running',
        retry: 'safe',
        hint: 'It may still be starting: `sendit watcher logs --err` says what it does.',
      });
    }
    await clock.sleep(LOOK_MS);
  }
}

/** Whether a watcher that was found by its state directory is that of the configuration that lies there. */
async function isOf(record: PidRecord, found: Installation, flags: SettingsFlags, cwd: string): Promise<boolean> {
  if (found.kind !== 'found') return false;
  const own = record['configFile'];
  if (flags.config !== undefined) return own === resolve(cwd, flags.config);
  if (found.isNamed) return true;
  const names = await listConfigFiles(found.folder).catch(() => []);
  return names.length === 0 || names.some((name) => join(found.folder, name) === own);
}

function toPlace(): AskedPlace {
  return { cwd: process.cwd(), env: process.env };
}

function toPaths(stateDir: string): Asked['paths'] {
  const log = (name: string): string => join(stateDir, 'logs', name);
  return {
    stateDir,
    pidFile: join(stateDir, 'watcher.pid'),
    outFile: log('watcher.out'),
    errFile: log('watcher.err'),
    socketPath: toSocketPath(join(stateDir, 'api.sock')),
  };
}

function toRecorded(record: PidRecord): Partial<Asked['paths']> {
  const texts = { outFile: record['outFile'], errFile: record['errFile'], socketPath: record.socketPath };
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => typeof value === 'string'));
}

function toNothingHere(looked: readonly string[]): SenditError {
  return new SenditError('There is no watcher and no configuration of sendit here or in a folder above.', {
    code: 'not-found',
    hint: 'Say where it is with --config FILE or --state-dir DIR, or begin with `sendit config init`.',
    problems: looked.map((folder) => `looked for sendit.config.* and .sendit in ${folder}`),
  });
}

function toNeverStarted({ configFile, stateDir }: Settings): SenditError {
  const what = configFile === undefined ? 'This installation' : `What ${configFile} describes`;
  return new SenditError(`${what} was never started: there is no state directory at ${stateDir}.`, {
    code: 'not-found',
    hint: 'Start it with `sendit watcher start`, or say with --state-dir or --config which one is meant.',
  });
}
