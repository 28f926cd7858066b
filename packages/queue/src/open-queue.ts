import { silentLogger, toHandle } from '@sendit/model';
import type { JobsOptions, JobType } from 'bullmq';
import { NO_CONNECTION } from './backend.ts';
import { isSettledWithin, within } from './deadline.ts';
import type { ImportQueue, QueueOptions, QueueTarget } from './import-queue.ts';
import { openBackend } from './open-backend.ts';
import { type JobData, type Message, type NewJob, toJobs, toSingles } from './jobs.ts';
import { describeTarget, toSafeMessage, toUnavailable } from './unavailable.ts';
import { runImportWorker } from './worker.ts';

const CLOSE_MS = 500;
/** While the queue is paused PostgreSQL counts what waits as `paused`, which BullMQ's types leave out. */
const COUNTED = ['waiting', 'paused', 'delayed', 'prioritized', 'active', 'failed'] as JobType[];
/** By age alone: on PostgreSQL concurrent workers that keep a count deadlock over the rows to delete. */
const KEEP_FAILED = { age: 7 * 24 * 3_600 };

/** Behind every job without a priority. */
const BACKLOG_PRIORITY = 1;

/**
 * Opens the import queue, creating what it needs (schema `bullmq` on PostgreSQL and PGlite). On PGlite the jobs that a dead
 * process left active are put back first. Disposing it ends its workers (they drain) and frees every connection.
 *
 * @throws SenditError `queue-unavailable` (retry `safe`) when the service cannot be reached or prepared.
 */
export async function openQueue(target: QueueTarget, options: QueueOptions = {}): Promise<ImportQueue> {
  const { name = 'sendit-import', attempts = 5, backoffMs = 1_000, lockMs = 15_000, logger = silentLogger } = options;
  const bullmq = await import('bullmq');
  const backend = await openBackend(target, bullmq).catch((error: unknown) => {
    throw toUnavailable(error, target);
  });
  const { Queue } = bullmq.withBackend(backend.queueFactory);
  const queue = new Queue<JobData, void>(name, {
    connection: NO_CONNECTION,
    ...(backend.prefix === undefined ? {} : { prefix: backend.prefix }),
  });
  // Lost connections: whoever calls next hears of it, and the workers log their own.
  queue.on('error', () => undefined);

  const disposed = new AbortController();
  const workers = new Set<Promise<void>>();

  const ask = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await within(backend.deadlineMs, work());
    } catch (error) {
      throw toUnavailable(error, target);
    }
  };
  const close = async (): Promise<void> => {
    disposed.abort();
    await Promise.allSettled(workers);
    await isSettledWithin(CLOSE_MS, queue.close());
    await isSettledWithin(CLOSE_MS, backend[Symbol.asyncDispose]());
  };

  try {
    await ask(() => queue.waitUntilReady());
    await ask(() => backend.recover(name));
  } catch (error) {
    await close();
    throw error;
  }

  const toBullMq = ({
    data,
    id,
    isBacklog,
    name: jobName,
  }: NewJob): { name: string; data: JobData; opts: JobsOptions } => {
    const before = 'before' in data ? (data.before ?? 0) : 0;
    const opts: JobsOptions = {
      jobId: id,
      attempts: attempts - before,
      backoff: { type: 'exponential', delay: backoffMs, jitter: 0.25 },
      removeOnComplete: true,
      // Kept, a group would be in the way of what is left of it.
      removeOnFail: 'members' in data ? true : KEEP_FAILED,
      ...(before > 0 && { delay: backoffMs }),
      ...(isBacklog && { priority: BACKLOG_PRIORITY }),
    };
    return { name: jobName, data, opts };
  };
  const addJobs = async (jobs: readonly NewJob[]): Promise<void> => {
    const [first, ...others] = jobs.map(toBullMq);
    if (first === undefined) return;
    // One job is the usual case; in bulk PostgreSQL makes temporary tables.
    if (others.length === 0) await ask(() => queue.add(first.name, first.data, first.opts));
    else await ask(() => queue.addBulk([first, ...others]));
  };

  return {
    kind: target.kind,
    add: (rows) => addJobs(toJobs(rows)),
    async counts() {
      const { active = 0, failed = 0, ...waiting } = await ask(() => queue.getJobCounts(...COUNTED));
      return { waiting: Object.values(waiting).reduce((sum, count) => sum + count, 0), active, failed };
    },
    async setPaused(isPaused) {
      if ((await ask(() => queue.isPaused())) === isPaused) return false;
      await ask(() => (isPaused ? queue.pause() : queue.resume()));
      return true;
    },
    probe: () => ask(() => backend.probe?.() ?? Promise.resolve()),
    async runWorker(workerOptions, signal) {
      const deps = {
        bullmq,
        backend,
        logger,
        name,
        lockMs,
        attempts,
        addAlone: (members: readonly Message[], before: number) => addJobs(toSingles(members, before)),
        place: `the import queue on ${describeTarget(target)}`,
        toSafeMessage: (error: unknown) => toSafeMessage(error, target),
      };
      const worker = runImportWorker(deps, workerOptions, AbortSignal.any([signal, disposed.signal]));
      workers.add(worker);
      try {
        await worker;
      } catch (error) {
        throw toUnavailable(error, target);
      } finally {
        workers.delete(worker);
      }
    },
    ...toHandle(close),
  };
}
