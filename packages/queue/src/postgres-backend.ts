import { readFileSync } from 'node:fs';
import { parseServerUrl } from '@sendit/model';
import type { ClientBase, ClientConfig, PoolConfig } from 'pg';
import type { Backend, BullMq, WorkerConnections } from './backend.ts';
import { arePooled, pooledError } from './pooled.ts';
import { BULLMQ_SCHEMA, prepareSchema } from './schema.ts';

const CONNECT_MS = 5_000;
const ignore = (): void => undefined;

/** pg-pool awaits the hook before it hands a new client out; the types do not say so. */
interface HookedPoolConfig extends Omit<PoolConfig, 'onConnect'> {
  readonly onConnect: (client: ClientBase) => Promise<void>;
}

/**
 * BullMQ on a PostgreSQL server: a pool of its own for the queue and for each worker, whose pool also holds its LISTEN.
 * @throws SenditError `bad-configuration` behind a pooler that keeps no sessions.
 */
export async function openPostgresBackend(text: string, bullmq: BullMq): Promise<Backend> {
  const { url, tls } = parseServerUrl(text, (path) => readFileSync(path, 'utf8'));
  const server = { connectionString: url, ssl: tls ?? false, connectionTimeoutMillis: CONNECT_MS };
  const { default: pg } = await import('pg');

  /** BullMQ takes all listeners off a client before it ends it; a server that goes away just then would end the process. */
  class Client extends pg.Client {
    constructor(config?: ClientConfig) {
      super(config);
      this.on('error', ignore);
    }

    override removeAllListeners(event?: string | symbol): this {
      super.removeAllListeners(event);
      return this.on('error', ignore);
    }
  }

  const [session, other] = [new Client(server), new Client(server)];
  try {
    await session.connect();
    await other.connect();
    if (await arePooled(session, other)) throw pooledError();
    await prepareSchema(bullmq, session);
  } finally {
    await Promise.all([session, other].map((client) => client.end().catch(ignore)));
  }

  const openConnections = (max: number): WorkerConnections => {
    const config: HookedPoolConfig = {
      ...server,
      Client,
      max,
      keepAlive: true,
      application_name: 'sendit queue',
      // As a statement, not as a start-up option: poolers refuse those, and the URL may have some of its own. Nothing of the queue need
      // wait for the disk: what a crash of the server undoes is sent again, and what was sent is on disk with the mark that says so.
      onConnect: (client) =>
        client.query(`set search_path to ${BULLMQ_SCHEMA}, public; set synchronous_commit to off`).then(ignore),
    };
    const pool = new pg.Pool(config);
    pool.on('error', ignore);
    // The declared types of pg and BullMQ differ in how they overload `on`.
    if (!bullmq.isPgPool(pool)) throw new TypeError('expected a pg.Pool');
    return {
      factory: (name, options, extra) => bullmq.createPostgresBackend(name, { ...options, connection: pool }, extra),
      close: () => pool.end(),
    };
  };
  const queueConnections = openConnections(2);

  return {
    deadlineMs: 10_000,
    queueFactory: queueConnections.factory,
    openWorkerConnections: (concurrency) => openConnections(Math.min(concurrency, 8) + 2),
    recover: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => queueConnections.close(),
  };
}
