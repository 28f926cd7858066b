import type { Handle, Logger, OutboxRow, QueueCounts, RatedProgress } from '@sendit/model';
import type { PgliteEngine } from './pglite-pool.ts';

/**
 * Words of this package.
 *
 * outbox row   written in the transaction that seals a batch; lives until the effect of its job is committed
 * job          the queue's copy of one outbox row, with the same id
 * group        rows of small batches that came together and travel as one job; each has an outcome of its own
 * attempt      one run of a job's handler; a lapsed lock repeats an attempt, a rejection uses it up
 * stalled      active under a lock that nobody renews any more: its process died
 * exhausted    no attempt is left
 */

/** Where the jobs are kept. On `pglite` the calling process must own the database directory alone. */
export type QueueTarget =
  | { readonly kind: 'pglite'; readonly pglite: PgliteEngine }
  | { readonly kind: 'postgres'; readonly url: string }
  | {
      readonly kind: 'redis';
      readonly url: string /** Of every Redis key; `sendit` by default. */;
      readonly prefix?: string;
    };

/** How a queue is opened. */
export interface QueueOptions {
  /** `sendit-import` by default; without `:`. */
  readonly name?: string;
  /** Runs of a job before it is exhausted; 5 by default. */
  readonly attempts?: number;
  /** Pause before the second attempt, doubled for each one after; 1000 by default. */
  readonly backoffMs?: number;
  /**
   * How long a job stays locked after its process last renewed it, 15 000 by default. A job of a process that died runs again
   * after at most this and two thirds of it more; a process whose event loop stands still for longer has its jobs run twice.
   */
  readonly lockMs?: number;
  readonly logger?: Logger;
}

/** The import queue on one of three backends; every method behaves alike on each. */
export interface ImportQueue extends Handle {
  readonly kind: QueueTarget['kind'];
  /**
   * Puts rows into the queue, those of one group as one job. Idempotent: the job's id is the row's, or the group's; what is given twice is one job
   * while that job exists.
   * Never call it inside a transaction of the same PGlite: both would wait for each other.
   *
   * @throws SenditError `queue-unavailable` (retry `safe`) within a few seconds when the queue does not answer.
   */
  add(rows: readonly OutboxRow[]): Promise<void>;
  /** Jobs, of which one may have a group of rows. `waiting` includes the delayed; `failed` the exhausted ones of the last week. @throws SenditError `queue-unavailable` as `add` does. */
  counts(): Promise<QueueCounts>;
  /**
   * While paused no worker of any process begins a job; running ones end. True where that changed something.
   * @throws SenditError `queue-unavailable` as `add` does.
   */
  setPaused(isPaused: boolean): Promise<boolean>;
  /** Whether it takes jobs, without adding one. @throws SenditError `queue-unavailable` when it does not. */
  probe(): Promise<void>;
  /**
   * Works until the signal aborts, then takes no new job and resolves when the active ones have ended, at the latest two
   * seconds after the drain deadline. Outages are waited out. @throws SenditError `queue-unavailable` when it cannot start.
   */
  runWorker(options: WorkerOptions, signal: AbortSignal): Promise<void>;
}

/** One run of one job. */
export interface ImportJob {
  readonly outboxId: string;
  readonly batchId: string;
  /** From 1. */
  readonly attempt: number;
  readonly lastAttempt: boolean;
}

export interface WorkerOptions {
  /** Jobs at the same time. */
  readonly concurrency: number;
  /** Rows that are worked on at the same time, of which a job may have many; as many as jobs by default. */
  readonly places?: number;
  /**
   * The work itself. At least once: may run twice for one job, also at the same time after a lock lapsed. A rejection uses up
   * the attempt, unless the signal has aborted (drain deadline): then the job goes back to the queue as it was. What `report` is
   * given becomes the job's progress, once a second at most and when all is read.
   */
  handle(job: ImportJob, signal: AbortSignal, report: (progress: RatedProgress) => void): Promise<void>;
  /**
   * Called when no attempt is left, and for a job whose processes died under it too often. Idempotent. If it rejects, the queue
   * forgets the job and the relay's re-send brings it again.
   */
  exhausted(job: ImportJob, error: unknown): Promise<void>;
  /**
   * Called before rows that were in a group get jobs of their own: after a failure, and when a process died under the group. Rejects: the group is
   * run again.
   */
  apart?(outboxIds: readonly string[]): Promise<void>;
  /** How long active jobs may go on after the signal aborted; 25 000 by default. */
  readonly drainMs?: number;
}
