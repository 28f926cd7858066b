import { hostname } from 'node:os';
import { join } from 'node:path';
import { type FileLock, type LockHolder, openFileLock } from '@sendit/files';
import { SenditError } from '@sendit/model';

/** In the database directory; it stays there, locked or not. */
const LOCK_FILE = 'database.lock';

/**
 * Locks a database directory for this process, before anything in it is touched: every path to it and every container of the host
 * sees the lock, and the kernel frees it when the process dies however it dies.
 * @throws SenditError `database-locked`, naming the process that has it where that is known, or when nothing here can lock; the
 * system's error when the directory cannot be written.
 */
export async function openDirectoryLock(directory: string): Promise<FileLock> {
  const attempt = await openFileLock(join(directory, LOCK_FILE));
  switch (attempt.kind) {
    case 'held':
      return attempt.lock;
    case 'taken':
      throw toLocked(directory, attempt.holder && describeHolder(attempt.holder));
    case 'unavailable':
      throw new SenditError(`Expected to lock the database directory ${directory}, got: ${attempt.reason}.`, {
        code: 'database-locked',
        hint: 'Without a lock two processes would destroy the database: install the program flock (util-linux) or the package koffi, put the directory on a file system that can lock, or set DATABASE_URL to use a PostgreSQL.',
      });
  }
}

function describeHolder({ pid, host }: LockHolder): string {
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host} (another container or host)`;
}

/** The error of a directory that `owner` has; by default, nobody knows who. */
export function toLocked(directory: string, owner = 'another process, perhaps in another container,'): SenditError {
  return new SenditError(`Expected the database directory ${directory} to be free, but ${owner} has it open.`, {
    code: 'database-locked',
    retry: 'unsafe',
    hint: 'Only one process may own an embedded database: stop that one (sendit watcher stop, where it runs), or set DATABASE_URL to share a PostgreSQL.',
  });
}
