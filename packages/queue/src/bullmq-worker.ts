import type { BackendFactory, IQueueBackend, Job, Processor, Worker, WorkerOptions } from 'bullmq';
import type { BullMq } from './backend.ts';
import type { JobData } from './jobs.ts';

/** Pause after a failed fetch: BullMQ asks again at once where the error is not ECONNREFUSED. */
const FETCH_PAUSE_MS = 500;
/** BullMQ may block for an hour on PostgreSQL after an error; a NOTIFY can be lost. */
const LONGEST_BLOCK_S = 5;

export interface BullMqWorkerParts {
  readonly name: string;
  readonly process: Processor<JobData, void>;
  readonly options: WorkerOptions;
  readonly factory: BackendFactory;
  /** Hears of every fetch that the backend answered. */
  readonly onFetched: () => void;
  /** Hears of every fetch that it did not. */
  readonly onFetchFailed: (error: unknown) => void;
}

/** BullMQ's worker, and the way out that it does not offer. */
export interface BullMqWorker extends Worker<JobData, void, string, IQueueBackend> {
  /** Stops the lock renewal and cuts the connections, for a worker whose `close` does not come back. */
  abandon(): void;
}

/** BullMQ is imported lazily, so its subclass is made when it is there. */
export function createBullMqWorker(bullmq: BullMq, parts: BullMqWorkerParts): BullMqWorker {
  class ImportWorker extends bullmq.Worker<JobData, void, string, IQueueBackend> implements BullMqWorker {
    protected override async moveToActive(token: string, name?: string): Promise<Job<JobData, void>> {
      try {
        const job = await super.moveToActive(token, name);
        parts.onFetched();
        return job;
      } catch (error) {
        parts.onFetchFailed(error);
        await this.delay(FETCH_PAUSE_MS);
        throw error;
      }
    }

    protected override getBlockTimeout(blockUntil: number): number {
      return Math.min(super.getBlockTimeout(blockUntil), LONGEST_BLOCK_S);
    }

    abandon(): void {
      for (const end of [this.lockManager.close(), this.backend.close(true)]) {
        end.catch((error: Error) => this.emit('error', error));
      }
    }
  }
  return new ImportWorker(parts.name, parts.process, parts.options, parts.factory);
}
