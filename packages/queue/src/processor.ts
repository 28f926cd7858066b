import { type Logger, systemClock, toErrorName } from '@sendit/model';
import type { Job } from 'bullmq';
import type { BullMq } from './backend.ts';
import type { ImportJob, WorkerOptions } from './import-queue.ts';
import { createProgressReport } from './job-progress.ts';
import { MAX_STALLS } from './stalls.ts';

/** Payload of a BullMQ job. */
export interface JobData {
  readonly outboxId: string;
  readonly batchId: string;
}

export interface ProcessorDeps {
  readonly bullmq: BullMq;
  readonly logger: Logger;
  readonly options: Pick<WorkerOptions, 'handle' | 'exhausted'>;
  /** Aborts when the drain deadline passes. */
  readonly drained: AbortSignal;
}

/**
 * Builds what BullMQ runs for each job. `exhausted` is called here, before BullMQ moves the job to its failed set: a process that
 * dies in between leaves an active job, which runs again, and never a failed one that nobody was told of.
 */
export function createProcessor(deps: ProcessorDeps): (job: Job<JobData>, token?: string) => Promise<void> {
  const { bullmq, logger, options, drained } = deps;

  async function giveUp(job: Job<JobData>, importJob: ImportJob, error: unknown): Promise<never> {
    try {
      await options.exhausted(importJob, error);
    } catch (failure) {
      logger.error('an exhausted job could not be recorded; it will be sent again', {
        ...toFields(importJob),
        cause: toReason(failure),
      });
      // Removed in the same step that fails it: a failed job of this id would make the re-send a no-op.
      job.opts.removeOnFail = true;
    }
    throw new bullmq.UnrecoverableError(toReason(error));
  }

  return async (job, token) => {
    const importJob = toImportJob(job);
    if (job.stalledCounter > MAX_STALLS) {
      return giveUp(job, importJob, new Error(`its process died ${job.stalledCounter} times`));
    }
    const report = createProgressReport((progress) => job.updateProgress(progress), systemClock);
    try {
      await options.handle(importJob, drained, report);
    } catch (error) {
      if (drained.aborted) {
        await job.moveToWait(token);
        throw new bullmq.WaitingError();
      }
      logger.warning('an attempt at a job failed', { ...toFields(importJob), cause: toReason(error) });
      if (importJob.lastAttempt) return giveUp(job, importJob, error);
      throw new Error(toReason(error));
    }
  };
}

function toImportJob(job: Job<JobData>): ImportJob {
  const attempt = job.attemptsMade + 1;
  const { outboxId, batchId } = job.data;
  return { outboxId, batchId, attempt, lastAttempt: attempt >= (job.opts.attempts ?? 1) };
}

function toFields(job: ImportJob): { outboxId: string; batchId: string; attempt: number } {
  return { outboxId: job.outboxId, batchId: job.batchId, attempt: job.attempt };
}

/** A code, never a message: those of file errors name folders, and folders name patients. BullMQ stores what it is given. */
function toReason(error: unknown): string {
  return toErrorName(error);
}
