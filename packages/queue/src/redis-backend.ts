import { readFileSync } from 'node:fs';
import { parseServerUrl } from '@sendit/model';
import type { Redis, RedisOptions } from 'ioredis';
import type { Backend, BullMq } from './backend.ts';
import { within } from './deadline.ts';

const CONNECT_MS = 5_000;
/** Expiry of a probe's key. */
const PROBE_MS = 60_000;
const ignore = (): void => undefined;

/** BullMQ on Redis: one connection for the queue, two for each worker. */
export async function openRedisBackend(
  target: { readonly url: string; readonly prefix?: string },
  bullmq: BullMq,
): Promise<Backend> {
  const { Redis } = await import('ioredis');
  const { url, tls } = parseServerUrl(target.url, (path) => readFileSync(path, 'utf8'));
  const common = {
    ...(tls === undefined ? {} : { tls }),
    connectTimeout: CONNECT_MS,
    // ioredis holds the process this long after a disconnect, whatever the server does.
    disconnectTimeout: 200,
    keepAlive: 10_000,
    retryStrategy: (times: number) => Math.min(times * 200, 2_000),
  } satisfies RedisOptions;
  let lastError: unknown;
  // A command of the queue fails after one reconnection rather than wait for Redis to come back.
  const queueClient = new Redis(url, { ...common, lazyConnect: true, maxRetriesPerRequest: 1 });
  queueClient.on('error', (error) => {
    lastError = error;
  });
  try {
    await within(CONNECT_MS, queueClient.connect());
    await within(CONNECT_MS, queueClient.ping());
  } catch (error) {
    queueClient.disconnect();
    throw lastError ?? error;
  }

  return {
    deadlineMs: 5_000,
    ...(target.prefix === undefined ? { prefix: 'sendit' } : { prefix: target.prefix }),
    queueFactory: (name, options, extra) =>
      bullmq.createRedisBackend(name, { ...options, connection: queueClient }, extra),
    openWorkerConnections: () => {
      const clients: Redis[] = [];
      const client = new Redis(url, { ...common, maxRetriesPerRequest: null });
      // BullMQ hands errors to the worker; what comes after its end is noise, but must not be unhandled.
      client.on('error', ignore);
      clients.push(client);
      // BullMQ duplicates the client for its blocking reads, and cannot end that copy while Redis is away.
      const duplicate = client.duplicate.bind(client);
      client.duplicate = (override) => {
        const copy = duplicate(override);
        copy.on('error', ignore);
        clients.push(copy);
        return copy;
      };
      return {
        factory: (name, options, extra) => bullmq.createRedisBackend(name, { ...options, connection: client }, extra),
        close: () => {
          for (const each of clients) each.disconnect();
          return Promise.resolve();
        },
      };
    },
    recover: () => Promise.resolve(),
    // Full under `noeviction`, and as a replica, Redis answers reads and refuses writes.
    probe: async () => {
      await queueClient.set(`${target.prefix ?? 'sendit'}:probe`, '1', 'PX', PROBE_MS);
    },
    [Symbol.asyncDispose]: () => {
      queueClient.disconnect();
      return Promise.resolve();
    },
  };
}
