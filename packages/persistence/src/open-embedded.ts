import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { type Logger, SenditError } from '@sendit/model';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { ensureCluster, makeDirectory, prepareDirectory, toUnusable } from './cluster.ts';
import type { Connection } from './connection.ts';
import { toDatabaseError } from './database-error.ts';
import { openDirectoryLock } from './directory-lock.ts';
import { startEngine, WAIT_FOR_DISK } from './embedded-engine.ts';
import { openSocketLock } from './socket-lock.ts';
import { openVacuum } from './vacuum.ts';

/**
 * Opens, or creates, the database in a directory that this process owns until it is disposed.
 * @throws SenditError `state-directory`, `database-locked` or `database-unavailable`.
 */
export async function openEmbedded(directory: string, logger: Logger): Promise<Connection> {
  const home = resolve(directory);
  const lock = await openOwnership(home);
  try {
    const pglite = await startEngine(await ensureCluster(home, logger));
    return toConnection(pglite, lock, home);
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** The directory, made and checked, with both its locks; nothing in it is touched without the first. */
async function openOwnership(home: string): Promise<AsyncDisposable> {
  await makeDirectory(home);
  const file = await openDirectoryLock(home).catch((error: unknown) => {
    throw error instanceof SenditError ? error : toUnusable(home, error);
  });
  try {
    await prepareDirectory(home);
    const socket = await openSocketLock(home);
    return {
      [Symbol.asyncDispose]: async () => {
        await socket[Symbol.asyncDispose]();
        file[Symbol.dispose]();
      },
    };
  } catch (error) {
    file[Symbol.dispose]();
    throw error;
  }
}

function toConnection(pglite: PGlite, lock: AsyncDisposable, home: string): Connection {
  const where = `in ${home}`;
  const vacuum = openVacuum(pglite);
  const db = drizzle({ client: pglite });
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      // PGlite resolves in microtasks only: without a turn of the event loop a busy caller starves everything else.
      await nextTurn();
      return await work();
    } catch (error) {
      throw toDatabaseError(error, where);
    }
  };
  return {
    kind: 'embedded',
    pglite,
    run: (work) => guard(() => work(db)),
    transaction: (work) =>
      guard(async () => {
        // Before the work, so that a failure of it is never taken for a failure of work that was committed.
        await vacuum.beforeTransaction();
        return db.transaction(async (tx) => {
          await tx.execute(sql.raw(WAIT_FOR_DISK));
          return work(tx);
        });
      }),
    ping: () => guard(async () => void (await pglite.query('select 1'))),
    [Symbol.asyncDispose]: async () => {
      try {
        if (!pglite.closed) await pglite.close();
      } finally {
        await lock[Symbol.asyncDispose]();
      }
    },
  };
}
