import type { BatchProgress, BatchToImport, ImportResult } from '@sendit/model';

/** What a job of the queue names: the batch, and the outbox row whose effect it is. */
export interface ImportJob {
  readonly batchId: string;
  readonly outboxId: string;
}

/** The database, as the importer needs it. Every call may be repeated. */
export interface StudyStore {
  /** QUEUE or NEW → PROCESSING. `settled` when the outbox row is gone: someone did it already. */
  begin(
    job: ImportJob,
  ): Promise<{ readonly kind: 'import'; readonly batch: BatchToImport } | { readonly kind: 'settled' }>;
  /** How far it has come; for people to see, without effect on the import. */
  progress(batchId: string, progress: BatchProgress): Promise<void>;
  /** ONE transaction: all rows, batch status, outbox row deleted. `already-done` when no outbox row was deleted; then nothing is written. */
  commit(result: ImportResult): Promise<'committed' | 'already-done'>;
}
