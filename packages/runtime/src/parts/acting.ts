import { type ActionDeps, giveUpAction, runAction } from '@sendit/actions';
import { type Logger, systemClock } from '@sendit/model';
import type { Database } from '@sendit/persistence';
import { createWake, type ImportQueue, runRelay } from '@sendit/queue';
import type { Part } from './run-together.ts';

export interface ActingDeps {
  readonly database: Database;
  readonly queue: ImportQueue;
  /** Whose messages: of actions of one root, or of steps. */
  readonly lane: { readonly handOnOf: string } | { readonly steps: true };
  readonly acting: ActionDeps;
  readonly concurrency: number;
  readonly logger: Logger;
}

/** Moves the messages of actions to their queue, and runs what is in it. */
export function toActingParts({ acting, concurrency, database, lane, logger, queue }: ActingDeps): readonly Part[] {
  const wake = createWake();
  const outbox = {
    claim: (options: { limit: number; leaseMs: number }) => database.outbox.claim({ ...options, ...lane }),
    markSent: (ids: readonly string[], options: { resendAfterMs: number }) => database.outbox.markSent(ids, options),
  };
  const work = {
    concurrency,
    handle: async (job: { batchId: string; outboxId: string }, signal: AbortSignal) => {
      await runAction(job, acting, signal);
      // The next action of the batch is due.
      wake.wake();
    },
    exhausted: (job: { batchId: string; outboxId: string }, error: unknown) => giveUpAction(job, error, acting),
  };
  return [
    (signal) => runRelay({ outbox, queue, clock: systemClock, logger, wake }, signal),
    (signal) => queue.runWorker(work, signal),
  ];
}
