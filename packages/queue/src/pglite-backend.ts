import type { Backend, BullMq } from './backend.ts';
import { type PgliteEngine, PglitePool } from './pglite-pool.ts';
import { BULLMQ_SCHEMA, prepareSchema } from './schema.ts';
import { NEVER_BY_BULLMQ } from './stalls.ts';

const FAR_MS = 1e12;

/** Queues whose dead process's jobs were put back: a second opening in one process must not take jobs of the first. */
const recovered = new WeakMap<PgliteEngine, Set<string>>();

/** BullMQ on an in-process PGlite. The engine stays the caller's. */
export async function openPgliteBackend(engine: PgliteEngine, bullmq: BullMq): Promise<Backend> {
  await prepareSchema(bullmq, await new PglitePool(engine).connect());
  // One session serves everybody: `public` stays first, so that an unqualified CREATE elsewhere does not land in BullMQ's schema.
  await engine.exec(`set search_path to public, ${BULLMQ_SCHEMA}`);
  const connect: Backend['queueFactory'] = (name, options, extra) =>
    bullmq.createPostgresBackend(name, { ...options, connection: new PglitePool(engine) }, extra);

  return {
    deadlineMs: 30_000,
    queueFactory: connect,
    openWorkerConnections: () => ({ factory: connect, close: () => Promise.resolve() }),
    async recover(queueName) {
      const names = recovered.get(engine) ?? new Set();
      recovered.set(engine, names);
      if (names.has(queueName)) return;
      names.add(queueName);
      await putBackActiveJobs(engine, queueName);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * One process owns the database, so what is active when it opens belonged to a process that died: put back at once by BullMQ's
 * own stalled check, told that the locks have lapsed. It marks on the first pass, takes on the second, and throttles by a time
 * it keeps: the third pass sets that back to now. The negative interval passes the throttle.
 */
async function putBackActiveJobs(engine: PgliteEngine, queueName: string): Promise<void> {
  const now = Date.now();
  await engine.transaction(async (transaction) => {
    for (const pass of [now, now + FAR_MS, now]) {
      await transaction.query(`select ${BULLMQ_SCHEMA}.move_stalled_jobs_to_wait($1, $2, $3, $4)`, [
        queueName,
        NEVER_BY_BULLMQ,
        pass,
        -2 * FAR_MS,
      ]);
    }
  });
}
