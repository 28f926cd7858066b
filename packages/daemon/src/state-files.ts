import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, open, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { SenditError, toMessage, toErrno } from '@sendit/model';

/** The three files that a watcher writes outside its database. */
export interface StateFilePaths {
  readonly pidFile: string;
  readonly outFile: string;
  readonly errFile: string;
}

/** The paths to use, and what a person should know about them. */
export interface StateFiles extends StateFilePaths {
  /** Whether they are in the temp directory because the wished ones cannot be used. */
  readonly isFallback: boolean;
  /** One sentence for each path that cannot be used, and one that says where the files are instead. */
  readonly warnings: readonly string[];
}

/** Where the fallback lies; for tests. */
export interface StateFilesOptions {
  /** The system's temp directory by default. */
  readonly tempDirectory?: string;
}

/**
 * Finds usable paths for pid and log files: the wished ones, or if any of them cannot be used, all three in a directory of this
 * user's own in the temp directory. Creates the folders and the (empty) log files, never the pid file.
 * @throws SenditError `state-directory` when the temp directory cannot be used either, or is somebody else's.
 */
export async function resolveStateFiles(wished: StateFilePaths, options: StateFilesOptions = {}): Promise<StateFiles> {
  const problems = await findProblems(wished);
  if (problems.length === 0) return { ...wished, isFallback: false, warnings: [] };

  const directory = toFallbackDirectory(wished.pidFile, options);
  await openOwnDirectory(directory);
  const files = toFallbackFiles(wished, directory);
  const further = await findProblems(files);
  if (further.length > 0) {
    throw new SenditError(`Neither the configured pid and log files nor those in ${directory} can be used`, {
      code: 'state-directory',
      hint: 'Set a state directory that this user can write.',
      problems: [...problems, ...further],
    });
  }
  return { ...files, isFallback: true, warnings: [...problems, `Pid and log files are in ${directory} instead`] };
}

/**
 * Where the pid file of a watcher may be, in the order to look: as configured, then in this user's fallback directory. That of
 * another user is never read: whoever made it could name any process to be stopped.
 */
export function listPidFiles(pidFile: string, options: StateFilesOptions = {}): readonly string[] {
  return [pidFile, join(toFallbackDirectory(pidFile, options), basename(pidFile))];
}

/** `<temp>/sendit-<uid>-<hash of the pid file's directory>`: the same for start, stop and status of one installation. */
function toFallbackDirectory(pidFile: string, { tempDirectory = tmpdir() }: StateFilesOptions): string {
  const hash = createHash('sha256')
    .update(dirname(resolve(pidFile)))
    .digest('hex')
    .slice(0, 12);
  return join(tempDirectory, `sendit-${toUserId() ?? 'user'}-${hash}`);
}

function toFallbackFiles(wished: StateFilePaths, directory: string): StateFilePaths {
  const pidName = basename(wished.pidFile);
  const outName = basename(wished.outFile);
  const errName = basename(wished.errFile);
  // Names that only their folders kept apart must not meet here.
  const apart = new Set([pidName, outName, errName]).size === 3;
  return {
    pidFile: join(directory, pidName),
    outFile: join(directory, apart ? outName : `${pidName}.out`),
    errFile: join(directory, apart ? errName : `${pidName}.err`),
  };
}

async function findProblems(files: StateFilePaths): Promise<readonly string[]> {
  const checks = [
    checkPath('pid', files.pidFile, () => checkPidFile(files.pidFile)),
    checkPath('output', files.outFile, () => checkLogFile(files.outFile)),
    checkPath('error', files.errFile, () => checkLogFile(files.errFile)),
  ];
  return (await Promise.all(checks)).filter((problem) => problem !== undefined);
}

async function checkPath(what: string, path: string, check: () => Promise<void>): Promise<string | undefined> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const stats = await stat(path).catch((error: unknown) => {
      if (toErrno(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (stats !== undefined && !stats.isFile())
      throw new Error('a regular file was expected, something else is in its place');
    await check();
    return undefined;
  } catch (error) {
    return `The ${what} file ${path} cannot be used: ${toMessage(error)}`;
  }
}

/** A pid file is linked into its folder and removed from it: the folder is what must be writable. */
async function checkPidFile(path: string): Promise<void> {
  const probe = `${path}.${randomUUID()}`;
  const handle = await open(probe, 'wx', 0o600);
  await handle.close();
  await unlink(probe);
  await access(path, constants.R_OK).catch((error: unknown) => {
    if (toErrno(error) !== 'ENOENT') throw error;
  });
}

async function checkLogFile(path: string): Promise<void> {
  const handle = await open(path, 'a+', 0o640);
  await handle.close();
}

/** Makes the directory, or takes it as it is if it is really this user's: names in a shared temp directory can be laid as a trap. */
async function openOwnDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (toErrno(error) !== 'EEXIST') throw refuse(directory, `it cannot be made: ${toMessage(error)}`, error);
  }
  const stats = await lstat(directory);
  if (!stats.isDirectory()) throw refuse(directory, 'it is not a directory (a symbolic link is not followed)');
  const user = toUserId();
  if (user !== undefined && stats.uid !== user) throw refuse(directory, `it belongs to user ${stats.uid}, not ${user}`);
  if ((stats.mode & 0o077) !== 0) await chmod(directory, 0o700);
}

function refuse(directory: string, why: string, cause?: unknown): SenditError {
  return new SenditError(`The fallback directory ${directory} is refused: ${why}`, {
    code: 'state-directory',
    hint: 'Set a state directory that this user can write, or remove what is in the way.',
    cause,
  });
}

/** Files are made with the effective user; absent on Windows. */
function toUserId(): number | undefined {
  return process.geteuid?.();
}
