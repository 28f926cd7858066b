import { basename, join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { type HeldDirectory, openDirectory, type Place } from '@sendit/files';
import { type Logger, SenditError } from '@sendit/model';
import { drizzle } from 'drizzle-orm/pglite';
import { ensureCluster, makeDirectory, prepareDirectory, toUnusable } from './cluster.ts';
import type { Connection, Queries } from './connection.ts';
import { toDatabaseError } from './database-error.ts';
import { openDirectoryLock } from './directory-lock.ts';
import { type EngineSession, EmbeddedSession } from './embedded-session.ts';
import { openEngine } from './engine-thread.ts';
import { openSocketLock } from './socket-lock.ts';
import { openVacuum } from './vacuum.ts';

/**
 * Opens, or creates, the database in a directory that this process owns until it is disposed.
 * @throws SenditError `state-directory`, `database-locked` or `database-unavailable`.
 */
export async function openEmbedded(directory: string, logger: Logger): Promise<Connection> {
  const home = resolve(directory);
  const owned = await openOwnership(home);
  let data: HeldDirectory | undefined;
  const release = async (): Promise<void> => {
    data?.[Symbol.dispose]();
    await owned[Symbol.asyncDispose]();
  };
  try {
    data = openDirectory(await ensureCluster(home, logger));
    // What takes the directory's place may be another engine's: by no path must this one write there.
    const raw = await openEngine({ data: data.path, root: join(owned.home.heldPath, basename(data.path)) });
    return toConnection(new EmbeddedSession(raw), home, { places: [owned.lock, data], release });
  } catch (error) {
    await release();
    throw error;
  }
}

interface Ownership extends AsyncDisposable {
  readonly home: HeldDirectory;
  readonly lock: Place;
}

/** The directory, made and checked, with both its locks; nothing in it is touched without the first. */
async function openOwnership(home: string): Promise<Ownership> {
  await makeDirectory(home);
  const lock = await openDirectoryLock(home).catch((error: unknown) => {
    throw error instanceof SenditError ? error : toUnusable(home, error);
  });
  let held: HeldDirectory | undefined;
  try {
    await prepareDirectory(home);
    held = openDirectory(home);
    const socket = await openSocketLock(home);
    return { home: held, lock, [Symbol.asyncDispose]: () => free(held, lock, socket) };
  } catch (error) {
    await free(held, lock);
    throw error;
  }
}

async function free(held: HeldDirectory | undefined, lock: Disposable, socket?: AsyncDisposable): Promise<void> {
  await socket?.[Symbol.asyncDispose]();
  held?.[Symbol.dispose]();
  lock[Symbol.dispose]();
}

interface Owned {
  readonly places: readonly Place[];
  readonly release: () => Promise<void>;
}

/** The driver asks for no more of its client than a session has; its own type has all of PGlite. */
function toQueries(session: EngineSession): Queries {
  return drizzle({ client: session as unknown as PGlite });
}

function toConnection(pglite: EmbeddedSession, home: string, { places, release }: Owned): Connection {
  const where = `in ${home}`;
  const vacuum = openVacuum(pglite);
  const db = toQueries(pglite);
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      // An engine in this thread resolves in microtasks only: without a turn of the event loop a busy caller starves everything else.
      await nextTurn();
      return await work();
    } catch (error) {
      throw toDatabaseError(error, where);
    }
  };
  return {
    kind: 'embedded',
    pglite,
    places,
    run: (work) => guard(() => work(db)),
    transaction: (work) =>
      guard(async () => {
        // Before the work, so that a failure of it is never taken for a failure of work that was committed.
        await vacuum.beforeTransaction();
        return pglite.transaction((session) => work(toQueries(session)), { isDurable: true });
      }),
    ping: () => guard(async () => void (await pglite.query('select 1'))),
    [Symbol.asyncDispose]: async () => {
      try {
        await pglite.close();
      } finally {
        await release();
      }
    },
  };
}
