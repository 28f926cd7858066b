import { constants } from 'node:fs';
import { access, chmod, mkdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Logger, SenditError, toMessage, toErrno } from '@sendit/model';
import { syncPath } from './durable-fs.ts';
import { startEngine } from './embedded-engine.ts';
import { syncTree, unpackTemplate } from './template.ts';

const DATA = 'pgdata';
const STAGING = 'pgdata.new';

/** Creates the database directory if missing, for its owner alone. @throws SenditError `state-directory`. */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 }).catch(async (error: unknown) => {
      throw await toCause(directory, error);
    });
  } catch (error) {
    throw toUnusable(directory, error);
  }
}

/**
 * Makes the database directory readable by its owner alone, and checks that it can be written. The caller holds the directory lock.
 * @throws SenditError `state-directory`.
 */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    const { mode } = await stat(directory);
    if ((mode & 0o077) !== 0) await chmod(directory, 0o700);
    const probe = join(directory, `.probe-${process.pid}`);
    await writeFile(probe, '');
    await unlink(probe);
  } catch (error) {
    throw toUnusable(directory, error);
  }
}

/** The error of a database directory that cannot be made, locked or written. */
export function toUnusable(directory: string, error: unknown): SenditError {
  return new SenditError(`Expected a database directory at ${directory}, got: ${toMessage(error)}.`, {
    code: 'state-directory',
    hint: 'Give this user a writable directory with free space, or set another one for the database.',
    cause: error,
  });
}

/** A recursive mkdir on a read-only file system says ENOENT: what the nearest directory that is there says to a writer is the cause. */
async function toCause(directory: string, error: unknown): Promise<unknown> {
  if (toErrno(error) !== 'ENOENT') return error;
  for (let parent = dirname(directory); parent !== dirname(parent); parent = dirname(parent)) {
    try {
      await access(parent, constants.W_OK | constants.X_OK);
      return error;
    } catch (refusal) {
      if (toErrno(refusal) !== 'ENOENT') return refusal;
    }
  }
  return error;
}

/**
 * Returns the data directory, creating it if missing: from the template that the build ships, or with initdb where it
 * is absent or of another engine. It is made beside its place, synced and renamed, so that a process killed in between
 * leaves no half database. The caller holds the directory lock.
 */
export async function ensureCluster(directory: string, logger: Logger, template?: URL): Promise<string> {
  const data = join(directory, DATA);
  if (await hasVersion(data)) return data;
  const staging = join(directory, STAGING);
  try {
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { mode: 0o700 });
    if (!(await unpackTemplate(staging, template))) {
      logger.info('Creating the embedded database without a template; this takes some seconds.');
      await (await startEngine(staging)).close();
    }
    await syncTree(staging);
    await rename(staging, data);
    syncPath(directory);
    return data;
  } catch (error) {
    if (error instanceof SenditError) throw error;
    throw new SenditError(`Expected to create the database in ${directory}, got: ${toMessage(error)}.`, {
      code: 'state-directory',
      hint: `Check free disk space (60 MB) and permissions; nothing of value can be in ${data}, move it away if it is in the way.`,
      cause: error,
    });
  }
}

async function hasVersion(data: string): Promise<boolean> {
  try {
    await stat(join(data, 'PG_VERSION'));
    return true;
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return false;
    throw new SenditError(`Expected to read the database in ${data}, got: ${toMessage(error)}.`, {
      code: 'state-directory',
      hint: 'Check that it is a directory and that this user may read it.',
      cause: error,
    });
  }
}
