import { type Logger, systemClock, toErrorName } from '@sendit/model';
import type { Job } from 'bullmq';
import type { BullMq } from './backend.ts';
import type { ImportJob, WorkerOptions } from './import-queue.ts';
import type { GroupData, JobData, Message, SingleData } from './jobs.ts';
import { createProgressReport } from './job-progress.ts';
import type { Places } from './places.ts';
import { MAX_STALLS } from './stalls.ts';

export interface ProcessorDeps {
  readonly bullmq: BullMq;
  readonly logger: Logger;
  readonly options: Pick<WorkerOptions, 'handle' | 'exhausted' | 'apart'>;
  /** Runs of a job before it is exhausted. */
  readonly attempts: number;
  /** Gives messages that were in a job with others jobs of their own; `before`: attempts that they had. */
  readonly addAlone: (members: readonly Message[], before: number) => Promise<void>;
  /** Bounds what is worked on at a time, over all jobs. */
  readonly inPlace: Places;
  /** Aborts when the drain deadline passes. */
  readonly drained: AbortSignal;
}

/**
 * Builds what BullMQ runs for each job. `exhausted` is called here, before BullMQ moves the job to its failed set: a process that
 * dies in between leaves an active job, which runs again, and never a failed one that nobody was told of.
 *
 * Of a group each member is run by itself, and the job is done when all have ended. One that failed gets a job of its own for its next attempts.
 * After the death of a process all do: who killed it must not take the others along.
 */
export function createProcessor(deps: ProcessorDeps): (job: Job<JobData>, token?: string) => Promise<void> {
  const { addAlone, attempts, bullmq, drained, inPlace, logger, options } = deps;

  /** Whether it could be recorded. */
  async function exhaust(importJob: ImportJob, error: unknown): Promise<boolean> {
    try {
      await options.exhausted(importJob, error);
      return true;
    } catch (failure) {
      logger.error('an exhausted job could not be recorded; it will be sent again', {
        ...toFields(importJob),
        cause: toReason(failure),
      });
      return false;
    }
  }

  async function giveUp(job: Job<SingleData>, importJob: ImportJob, error: unknown): Promise<never> {
    // Removed in the same step that fails it: a failed job of this id would make the re-send a no-op.
    if (!(await exhaust(importJob, error))) job.opts.removeOnFail = true;
    throw new bullmq.UnrecoverableError(toReason(error));
  }

  async function putBack(job: Job<JobData>, token: string | undefined): Promise<never> {
    await job.moveToWait(token);
    throw new bullmq.WaitingError();
  }

  function tellFailure(importJob: ImportJob, error: unknown): void {
    logger.warning('an attempt at a job failed', { ...toFields(importJob), cause: toReason(error) });
  }

  async function runSingle(job: Job<SingleData>, token: string | undefined): Promise<void> {
    const importJob = toImportJob(job);
    if (job.stalledCounter > MAX_STALLS) {
      return giveUp(job, importJob, new Error(`its process died ${job.stalledCounter} times`));
    }
    const report = createProgressReport((progress) => job.updateProgress(progress), systemClock);
    try {
      await inPlace(() => options.handle(importJob, drained, report));
    } catch (error) {
      if (drained.aborted) return putBack(job, token);
      tellFailure(importJob, error);
      if (importJob.lastAttempt) return giveUp(job, importJob, error);
      throw new Error(toReason(error));
    }
  }

  async function setApart(members: readonly Message[], before: number): Promise<void> {
    if (members.length === 0) return;
    await options.apart?.(members.map(({ outboxId }) => outboxId));
    await addAlone(members, before);
  }

  /** How a member ended; a group is short-lived, so that it tells no progress. */
  async function runMember(member: Message): Promise<'done' | 'failed' | 'interrupted'> {
    const importJob = { outboxId: member.outboxId, batchId: member.batchId, attempt: 1, lastAttempt: attempts === 1 };
    try {
      if (drained.aborted) return 'interrupted';
      await options.handle(importJob, drained, () => undefined);
      return 'done';
    } catch (error) {
      if (drained.aborted) return 'interrupted';
      tellFailure(importJob, error);
      if (!importJob.lastAttempt) return 'failed';
      await exhaust(importJob, error);
      return 'done';
    }
  }

  async function runGroup(job: Job<GroupData>, token: string | undefined): Promise<void> {
    const { members } = job.data;
    try {
      if (job.stalledCounter > 0) return await setApart(members, 0);
      const ended = await Promise.all(members.map((member) => inPlace(() => runMember(member))));
      if (ended.includes('interrupted')) return await putBack(job, token);
      await setApart(
        members.filter((_member, at) => ended[at] === 'failed'),
        1,
      );
    } catch (error) {
      if (error instanceof bullmq.WaitingError) throw error;
      throw new Error(toReason(error));
    }
  }

  return (job, token) =>
    'members' in job.data ? runGroup(job as Job<GroupData>, token) : runSingle(job as Job<SingleData>, token);
}

function toImportJob(job: Job<SingleData>): ImportJob {
  const { before = 0, outboxId, batchId } = job.data;
  const attempt = before + job.attemptsMade + 1;
  return { outboxId, batchId, attempt, lastAttempt: attempt >= before + (job.opts.attempts ?? 1) };
}

function toFields(job: ImportJob): { outboxId: string; batchId: string; attempt: number } {
  return { outboxId: job.outboxId, batchId: job.batchId, attempt: job.attempt };
}

/** A code, never a message: those of file errors name folders, and folders name patients. BullMQ stores what it is given. */
function toReason(error: unknown): string {
  return toErrorName(error);
}
