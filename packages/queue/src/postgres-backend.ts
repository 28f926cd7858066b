import type { Backend, BullMq } from './backend.ts';
import { BULLMQ_SCHEMA, prepareSchema } from './schema.ts';

const CONNECT_MS = 5_000;

/** BullMQ on a PostgreSQL server: a pool of its own for the queue and for each worker, and a LISTEN connection per worker. */
export async function openPostgresBackend(url: string, bullmq: BullMq): Promise<Backend> {
  const { default: pg } = await import('pg');
  const session = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  // A connection lost between two statements has no caller; the next statement reports it.
  session.on('error', () => undefined);
  try {
    await session.connect();
    await prepareSchema(bullmq, session);
  } finally {
    await session.end().catch(() => undefined);
  }

  const connect =
    (max: number): Backend['queueFactory'] =>
    (name, options, extra) => {
      const connection = {
        connectionString: url,
        schema: BULLMQ_SCHEMA,
        max,
        keepAlive: true,
        connectionTimeoutMillis: CONNECT_MS,
        application_name: 'sendit queue',
      };
      return bullmq.createPostgresBackend(name, { ...options, connection }, extra);
    };

  return {
    deadlineMs: 10_000,
    queueFactory: connect(2),
    openWorkerConnections: (concurrency) => ({
      factory: connect(Math.min(concurrency + 1, 8)),
      close: () => undefined,
    }),
    recover: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
