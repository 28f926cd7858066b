import type { BatchProgress, BatchToImport, ImportResult, ManifestFile } from '@sendit/model';

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
  /** The files of a batch as they were sealed, in byte order of the path, some thousands at a time. */
  manifest(batchId: string): AsyncIterable<readonly ManifestFile[]>;
  /** How far it has come; for people to see, without effect on the import. */
  progress(batchId: string, progress: BatchProgress): Promise<void>;
  /** ONE transaction: all rows, batch status, outbox row deleted. `already-done` when no outbox row was deleted; then nothing is written. */
  commit(result: ImportResult): Promise<'committed' | 'already-done'>;
}
