import { readFileSync } from 'node:fs';
import { parseServerUrl, SenditError } from '@sendit/model';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import type { Connection, Queries } from './connection.ts';
import { toDatabaseError } from './database-error.ts';
import { withDeadline } from './deadline.ts';
import { type Lane, type OpenClient, openLanes } from './postgres-lanes.ts';
import { toSocketFactory } from './postgres-socket.ts';
import { one } from '../schema/rows.ts';

const CONNECT_SECONDS = 3;
const PING_MS = 4_000;
/** For one statement; for a transaction, to get a connection and to begin: once begun it may take its time. */
const STATEMENT_MS = 60_000;

/**
 * Opens a pool on a PostgreSQL server. A lost connection rejects the calls that were on it and the next calls open another;
 * a server that accepts and says nothing is given up after a deadline.
 * @throws SenditError `bad-configuration` for an invalid URL and for a database that is not UTF8,
 * `database-unavailable` when the server does not answer.
 */
export async function openPostgres(url: string, maxConnections = 10): Promise<Connection> {
  const { openClient, where } = parseTarget(url);
  const lanes = openLanes(openClient, maxConnections);

  /** Lends a connection; one that failed is not lent again. */
  async function withLane<T>(ms: number, use: (lane: Lane) => Promise<T>): Promise<T> {
    let lane: Lane | undefined;
    try {
      const acquired = lanes.acquire();
      lane = await withDeadline(acquired, ms, where, () => void acquired.then((late) => lanes.release(late)));
      return await use(lane);
    } catch (thrown) {
      const error = toDatabaseError(thrown, where);
      if (error instanceof SenditError && error.code === 'database-unavailable') lane?.lose();
      throw error;
    } finally {
      if (lane !== undefined) lanes.release(lane);
    }
  }

  const connection: Connection = {
    kind: 'postgres',
    pglite: undefined,
    places: [],
    run: (work) => withLane(STATEMENT_MS, (lane) => withDeadline(work(lane.db), STATEMENT_MS, where)),
    transaction: (work) => withLane(STATEMENT_MS, (lane) => runTransaction(lane, work, where)),
    ping: () =>
      withLane(PING_MS, async (lane) => {
        await withDeadline(lane.db.execute(sql`select 1`), PING_MS, where);
      }),
    [Symbol.asyncDispose]: () => lanes[Symbol.asyncDispose](),
  };
  try {
    await connection.ping();
    await checkEncoding(connection, where);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
  return connection;
}

async function runTransaction<T>(lane: Lane, work: (tx: Queries) => Promise<T>, where: string): Promise<T> {
  // Not waited for before the first statement is sent: where it fails, the connection is lost, and what follows on it fails too.
  const begun = withDeadline(lane.db.execute(sql`begin`), STATEMENT_MS, where);
  try {
    const [result] = await Promise.all([work(lane.db), begun]);
    await lane.db.execute(sql`commit`);
    return result;
  } catch (error) {
    await rollback(lane);
    throw error;
  }
}

/** In any other encoding names and header values would be refused, or stored as bytes that nobody can compare. */
async function checkEncoding(connection: Connection, where: string): Promise<void> {
  const rows = await connection.run((db) => db.execute(sql`select pg_catalog.getdatabaseencoding() as encoding`));
  const { encoding } = one(rows as unknown as readonly { readonly encoding: string }[]);
  if (encoding === 'UTF8') return;
  throw new SenditError(`Expected a database whose encoding is UTF8, got ${encoding} ${where}.`, {
    code: 'bad-configuration',
    hint: 'Create one, and name it in DATABASE_URL: createdb --encoding=UTF8 --template=template0 NAME. Rows of an old one come over with pg_dump.',
  });
}

/** A connection that cannot roll back is given up: the server does it then. */
async function rollback(lane: Lane): Promise<void> {
  try {
    if (!lane.lost) await lane.db.execute(sql`rollback`);
  } catch {
    lane.lose();
  }
}

function parseTarget(text: string): { readonly openClient: OpenClient; readonly where: string } {
  const { url, tls } = parseServerUrl(text, (path) => readFileSync(path, 'utf8'));
  const openClient: OpenClient = ({ onclose, givenUp }) => {
    const options = {
      ssl: tls ?? false,
      max: 1,
      connect_timeout: CONNECT_SECONDS,
      // Its timer does not know of our transactions.
      max_lifetime: 0,
      fetch_types: false,
      onnotice: () => undefined,
      onclose,
      connection: { application_name: 'sendit' },
      // Known to the driver, not to its types.
      socket: toSocketFactory(givenUp),
    };
    return postgres(url, options);
  };
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new TypeError('not a postgres URL');
    // Opens no connection before its first query.
    const { host, port, database, user } = openClient({
      onclose: () => undefined,
      givenUp: AbortSignal.abort(),
    }).options;
    const hosts = host.map((name, index) => `${name}:${port[index] ?? ''}`).join(',');
    return { openClient, where: `at ${hosts}/${database} (user ${user})` };
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
