import { type Logger, systemClock, createOutageLog } from '@sendit/model';
import { type Backend, type BullMq, NO_CONNECTION } from './backend.ts';
import { type BullMqWorker, createBullMqWorker } from './bullmq-worker.ts';
import { isSettledWithin, within } from './deadline.ts';
import type { WorkerOptions } from './import-queue.ts';
import { drain } from './drain.ts';
import type { Message } from './jobs.ts';
import { createPlaces } from './places.ts';
import { createProcessor } from './processor.ts';
import { NEVER_BY_BULLMQ } from './stalls.ts';
import { isOutage } from './unavailable.ts';

export interface WorkerDeps {
  readonly bullmq: BullMq;
  readonly backend: Backend;
  readonly logger: Logger;
  readonly name: string;
  readonly lockMs: number;
  /** Runs of a job before it is exhausted. */
  readonly attempts: number;
  /** Gives messages that were in a job with others jobs of their own. */
  readonly addAlone: (members: readonly Message[], before: number) => Promise<void>;
  /** Of the queue, for messages. */
  readonly place: string;
  readonly toSafeMessage: (error: unknown) => string;
}

const CLOSE_MS = 500;
const START_MS = 5_000;
const RESTART_MS = 1_000;

/**
 * Runs one worker until aborted.
 *
 * running      fetches and handles jobs, through outages
 * draining     since the abort: fetches nothing, active handlers go on, their locks are renewed
 * interrupted  since the drain deadline: the handlers' signal has aborted, their jobs go back to the queue
 * abandoned    a moment later: what still runs, runs on without a lock; another worker's stalled check takes its job
 */
export async function runImportWorker(deps: WorkerDeps, options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { addAlone, attempts, bullmq, backend, logger, name, lockMs, toSafeMessage } = deps;
  const { drainMs = 25_000 } = options;
  const drained = new AbortController();
  const outage = createOutageLog({ logger, clock: systemClock, what: deps.place });
  const report = (error: unknown): void => {
    if (!signal.aborted) outage.failed(toSafeMessage(error));
  };

  const connections = backend.openWorkerConnections(options.concurrency);
  const active = new Set<Promise<void>>();
  const process = createProcessor({
    bullmq,
    logger,
    options,
    attempts,
    addAlone,
    inPlace: createPlaces(options.places ?? options.concurrency),
    drained: drained.signal,
  });
  const worker = createBullMqWorker(bullmq, {
    name,
    factory: connections.factory,
    onFetched: () => outage.ok(),
    onFetchFailed: report,
    process: (job, token) => {
      const run = process(job, token);
      const ended = run.then(
        () => undefined,
        () => undefined,
      );
      active.add(ended);
      void ended.then(() => active.delete(ended));
      return run;
    },
    options: {
      connection: NO_CONNECTION,
      ...(backend.prefix === undefined ? {} : { prefix: backend.prefix }),
      autorun: false,
      concurrency: options.concurrency,
      lockDuration: lockMs,
      stalledInterval: Math.ceil(lockMs / 3),
      maxStalledCount: NEVER_BY_BULLMQ,
      runRetryDelay: RESTART_MS,
    },
  });
  worker.on('error', (error) => {
    if (isOutage(error)) report(error);
    else if (!outage.isDown && !signal.aborted) {
      logger.warning('the import worker met an error', { error: toSafeMessage(error) });
    }
  });
  worker.on('stalled', (outboxId) => logger.warning('a job whose lock lapsed runs again', { outboxId }));

  try {
    await within(START_MS, worker.waitUntilReady());
    const running = keepRunning(worker, signal, report);
    await untilAborted(signal);
    // Also stops the stalled check, whose timer `close` leaves for last.
    await worker.pause(true);
    const closing = worker.close();
    const isClosed = await drain({ active, closing, drainMs, interrupt: () => drained.abort() });
    if (isClosed) await running;
    else worker.abandon();
  } catch (error) {
    worker.abandon();
    throw error;
  } finally {
    await isSettledWithin(CLOSE_MS, connections.close());
  }
}

/** BullMQ's loop ends when the worker closes; should it end before, it is started again. */
async function keepRunning(worker: BullMqWorker, signal: AbortSignal, report: (error: unknown) => void): Promise<void> {
  while (!signal.aborted) {
    try {
      await worker.run();
    } catch (error) {
      report(error);
    }
    await systemClock.sleep(RESTART_MS, signal);
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
