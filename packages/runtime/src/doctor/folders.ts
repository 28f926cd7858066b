import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Settings, WatchPath } from '@sendit/config';
import { openFileLock } from '@sendit/files';
import { toErrno } from '@sendit/model';
import { chooseBackend, readMount } from '@sendit/watch';
import { toStateLock } from '../daemon/watcher-lock.ts';
import { readQuietTime } from '../watch-paths/quiet-time.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';

/** Below the first a disk is nearly full, below the second it is full for us. */
const LOW_BYTES = 2_000_000_000;
const FULL_BYTES = 200_000_000;

/** Looks at one watch path: there, readable, how it is watched, what is mounted there, and how late that shows changes. */
export async function diagnoseWatchPath(watchPath: WatchPath, isQuietSet: boolean): Promise<readonly Diagnosis[]> {
  const { backend, folder, name } = watchPath;
  const { ok, not } = diagnose('watch-path');
  const refusal = await findRefusal(watchPath);
  if (refusal !== undefined) return [not('error', refusal.found, refusal.fix, name)];
  const choice = await chooseBackend(folder, backend);
  const watched = `${folder}: watched with ${choice.backend} (${choice.reason})`;
  const isWeak = choice.backend === 'chokidar' && process.platform === 'linux' && backend === 'auto';
  const mount = await readMount(folder).catch(() => undefined);
  const quiet = await readQuietTime({ ...watchPath, isSet: isQuietSet }, null);
  return [
    isWeak
      ? not('warning', watched, 'Install koffi beside sendit (`npm install koffi`), so that inotify can be used.', name)
      : ok(watched, name),
    ...(mount === undefined
      ? []
      : [diagnose('mount').ok(`${mount.identity.fsType} from ${mount.identity.source}`, name)]),
    ...(quiet.problem === null ? [] : [diagnose('quiet-time').not('warning', quiet.problem, 'As it says.', name)]),
    ...(quiet.info === null
      ? []
      : [diagnose('quiet-time').not('info', quiet.info, 'Nothing, unless it is too long.', name)]),
    await diagnoseDisk(folder, name),
  ];
}

interface Refusal {
  readonly found: string;
  readonly fix: string;
}

async function findRefusal({ actions, failedActions, folder }: WatchPath): Promise<Refusal | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) {
      return { found: `${folder} is not a folder`, fix: 'Name a folder in `watchPaths`.' };
    }
    await access(folder, constants.R_OK | constants.X_OK);
  } catch (error) {
    const code = toErrno(error) ?? 'unknown';
    if (code === 'ENOENT') return { found: `${folder} is not there`, fix: 'Make it, or mount what belongs there.' };
    return { found: `${folder} cannot be read (${code})`, fix: 'Let the user of the watcher list and read it (r-x).' };
  }
  const moves = [...actions, ...failedActions].some(({ kind }) => kind === 'move');
  if (!moves || (await access(folder, constants.W_OK).then(isTrue, isFalse))) return undefined;
  return {
    found: `${folder} cannot be written, and a \`move\` takes files out of it`,
    fix: 'Let the user of the watcher write there, or use `copy`.',
  };
}

/** Looks at the state directory: whether it can be written and locked, and by whom it is. */
export async function diagnoseState(settings: Settings): Promise<readonly Diagnosis[]> {
  const { stateDir } = settings;
  const { ok, not } = diagnose('state');
  const isThere = await stat(stateDir).then(isTrue, isFalse);
  const writable = isThere ? stateDir : await findAbove(stateDir);
  if (!(await access(writable, constants.W_OK | constants.X_OK).then(isTrue, isFalse))) {
    const found = `${stateDir} cannot be ${isThere ? 'written' : 'made'}`;
    return [
      not('error', found, 'Let the user of the watcher write there, or name another with --state-dir.', stateDir),
    ];
  }
  if (!isThere) return [ok('made by the first start', stateDir), await diagnoseDisk(writable, stateDir)];
  return [await diagnoseLock(stateDir), await diagnoseDisk(stateDir, stateDir)];
}

/** The nearest directory above that is there: the first start makes those below it. */
async function findAbove(path: string): Promise<string> {
  const above = dirname(path);
  return above === path || (await stat(above).then(isTrue, isFalse)) ? above : findAbove(above);
}

async function diagnoseLock(stateDir: string): Promise<Diagnosis> {
  const { ok, not } = diagnose('state');
  const attempt = await openFileLock(toStateLock(stateDir));
  if (attempt.kind === 'held') {
    attempt.lock.close();
    return ok('can be written and locked; no watcher runs there', stateDir);
  }
  if (attempt.kind === 'taken') return ok('a watcher runs there', stateDir);
  return not(
    'error',
    `cannot be locked: ${attempt.reason}`,
    'Put it on a local disk, or install util-linux.',
    stateDir,
  );
}

async function diagnoseDisk(path: string, subject: string): Promise<Diagnosis> {
  const { ok, not } = diagnose('disk');
  const { bavail, blocks, bsize } = await statfs(path);
  const free = bavail * bsize;
  const share = blocks === 0 ? 100 : Math.floor((bavail / blocks) * 100);
  const found = `${(free / 1e9).toFixed(1)} GB free (${share} %)`;
  if (free >= LOW_BYTES) return ok(found, subject);
  return not(free < FULL_BYTES ? 'error' : 'warning', found, 'Free space, or enlarge the disk.', subject);
}

const isTrue = (): boolean => true;
const isFalse = (): boolean => false;
