import { SenditError } from '@sendit/model';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Connection } from './connection.ts';
import { toDatabaseError } from './database-error.ts';
import { tooLate, withDeadline } from './deadline.ts';

const CONNECT_SECONDS = 3;
const PING_MS = 4_000;
const STATEMENT_MS = 60_000;
/** For a free connection and BEGIN. A transaction that has begun may take its time. */
const BEGIN_MS = 30_000;

/**
 * Opens a pool on a PostgreSQL server. A lost connection rejects the calls that were on it and the next calls open another;
 * a server that accepts and says nothing is given up after a deadline.
 * @throws SenditError `bad-configuration` for a URL that is none, `database-unavailable` when the server does not answer.
 */
export async function openPostgres(url: string, maxConnections = 10): Promise<Connection> {
  const client = openClient(url, maxConnections);
  const { host, port, database, user } = client.options;
  const where = `at ${host.map((name, index) => `${name}:${port[index] ?? ''}`).join(',')}/${database} (user ${user})`;
  const db = drizzle({ client });

  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toDatabaseError(error, where);
    }
  };
  const run: Connection['run'] = (work) => guard(() => withDeadline(work(db), STATEMENT_MS, where));
  const ping = (): Promise<void> =>
    guard(async () => {
      await withDeadline(client.unsafe('select 1').execute(), PING_MS, where);
    });
  const transaction: Connection['transaction'] = (work) =>
    guard(
      () =>
        new Promise((resolve, reject) => {
          let givenUp = false;
          const timer = setTimeout(() => {
            givenUp = true;
            reject(tooLate(BEGIN_MS, where));
          }, BEGIN_MS);
          db.transaction((tx) => {
            clearTimeout(timer);
            // The caller was told that it failed: nothing may be written any more.
            if (givenUp) throw tooLate(BEGIN_MS, where);
            return work(tx);
          })
            .then(resolve, reject)
            .finally(() => clearTimeout(timer));
        }),
    );
  const dispose = (): Promise<void> => client.end({ timeout: 5 });
  try {
    await ping();
  } catch (error) {
    await client.end({ timeout: 0 });
    throw error;
  }
  return { kind: 'postgres', pglite: undefined, run, transaction, ping, [Symbol.asyncDispose]: dispose };
}

function openClient(url: string, max: number): postgres.Sql {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new TypeError('not a postgres URL');
    return postgres(url, {
      max,
      connect_timeout: CONNECT_SECONDS,
      backoff: (retries: number) => Math.min(0.05 * 2 ** retries, 1),
      fetch_types: false,
      onnotice: () => undefined,
      connection: { application_name: 'sendit' },
    });
  } catch {
    // The parser's own error quotes the URL, password included.
    throw new SenditError(
      'Expected a database URL like postgres://user:password@host:5432/database, got something else.',
      {
        code: 'bad-configuration',
        hint: 'Correct DATABASE_URL; characters such as @ and / in a password are written %40 and %2F.',
      },
    );
  }
}
