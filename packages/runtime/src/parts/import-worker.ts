import { type HeaderReaders, importBatch, type ImportPolicy, LargeSlots, type StudyStore } from '@sendit/importer';
import { type BatchProgress, type Clock, type Logger, SenditError, toMessage, toRatedProgress } from '@sendit/model';
import type { ImportJob, ImportQueue } from '@sendit/queue';

/** The store as the worker needs it: the importer's port, and the end of a batch whose retries are used up. */
export interface WorkerStore extends StudyStore {
  setApart(outboxIds: readonly string[]): Promise<void>;
  fail(job: { batchId: string; outboxId: string }, reason: string): Promise<'failed' | 'already-done'>;
  holdMissing(job: { batchId: string; outboxId: string }, reason: string): Promise<'held' | 'already-done'>;
  holdUnreadable(job: { batchId: string; outboxId: string }, reason: string): Promise<'held' | 'already-done'>;
}

export interface ImportWorkerDeps {
  readonly queue: ImportQueue;
  readonly store: WorkerStore;
  readonly readers: HeaderReaders;
  readonly policy: ImportPolicy;
  /** The machine's by default. */
  readonly clock?: Clock;
  /** Large batches at a time. */
  readonly concurrency: number;
  readonly logger: Logger;
}

/** Jobs per large batch: small ones wait for the database, which commits them together. */
const JOBS_FOR_LARGE = 4;
/** Small batches, of which a job may have many. */
const SMALL_FOR_LARGE = 16;

/**
 * Imports queued batches until aborted, then lets the running ones end. At-least-once execution; the effect is once, because
 * the store deletes the outbox row in the transaction that writes the rows.
 */
export async function runImportWorker(deps: ImportWorkerDeps, signal: AbortSignal): Promise<void> {
  const { queue, store, readers, logger, policy, clock } = deps;
  const slots = new LargeSlots(deps.concurrency);
  const importDeps = { store, readers, logger, policy, slots, ...(clock && { clock }) };
  await queue.runWorker(
    {
      concurrency: deps.concurrency * JOBS_FOR_LARGE,
      places: deps.concurrency * SMALL_FOR_LARGE,
      handle: async (job, jobSignal, report) => {
        const onProgress = (progress: BatchProgress): void => report(toRatedProgress(progress));
        const outcome = await importBatch(job, { ...importDeps, onProgress }, jobSignal);
        logger.debug('import ended', { batch: job.batchId, outcome: outcome.kind, attempt: job.attempt });
      },
      apart: (outboxIds) => store.setApart(outboxIds),
      exhausted: async (job: ImportJob, error: unknown) => {
        if (error instanceof SenditError && error.code === 'not-found') {
          const outcome = await store.holdMissing(job, toMessage(error));
          logger.error('sealed files vanished before they were imported: held until they are back, or retried', {
            batch: job.batchId,
            outcome,
            attempts: job.attempt,
          });
          return;
        }
        if (error instanceof SenditError && error.code === 'unreadable') {
          const outcome = await store.holdUnreadable(job, `${toMessage(error)} ${error.hint ?? ''}`.trim());
          logger.error(
            'sealed files could not be read: held, nothing was imported, until they can be, or the batch is accepted',
            {
              batch: job.batchId,
              outcome,
              attempts: job.attempt,
            },
          );
          return;
        }
        const outcome = await store.fail(job, toMessage(error));
        logger.error('no attempt to import a batch succeeded; it is quarantined', {
          batch: job.batchId,
          outcome,
          attempts: job.attempt,
        });
      },
    },
    signal,
  );
}
