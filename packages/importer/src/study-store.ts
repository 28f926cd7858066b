import type {
  BatchProgress,
  BatchToImport,
  CommitOutcome,
  ImportPart,
  ImportResult,
  ImportRun,
  ManifestFile,
} from '@sendit/model';

/** Payload of a job: the batch, and the outbox row whose effect it is. */
export interface ImportJob {
  readonly batchId: string;
  readonly outboxId: string;
}

/** The database, as the importer needs it. Every call may be repeated; `stage` alone adds to what was there. */
export interface StudyStore {
  /** QUEUE or NEW → PROCESSING. `settled` when the outbox row is gone: someone did it already. */
  begin(job: ImportJob): Promise<
    | {
        readonly kind: 'import';
        readonly batch: BatchToImport;
        readonly attempt: number;
        /** All files of {@link manifest}, where they are few. */
        readonly manifest?: readonly ManifestFile[];
      }
    | { readonly kind: 'settled' }
  >;
  /** The files of a batch as they were sealed, in byte order of the path, some thousands at a time. */
  manifest(batchId: string): AsyncIterable<readonly ManifestFile[]>;
  /**
   * Paths of the instances that the generations before have of some series, some thousands at a time: those that a batch of late files has
   * itself are left out.
   */
  earlier(batchId: string, seriesInstanceUids: readonly string[]): AsyncIterable<readonly string[]>;
  /** How far it has come; for people to see, without effect on the import. */
  progress(batchId: string, progress: BatchProgress): Promise<void>;
  /** Keeps instances until the commit of this run; nobody sees them before. `superseded` when a later run has begun, or none goes on. */
  stage(part: ImportPart): Promise<'staged' | 'superseded'>;
  /**
   * ONE transaction: all rows, those kept before too, batch status, outbox row deleted. `already-done` when no outbox row was deleted or a
   * later run has begun; then nothing is written. What other batches have of its instances is found out in it.
   */
  commit(result: ImportResult): Promise<CommitOutcome>;
  /** After a failure, for people to see: PROCESSING → QUEUE with the reason, unless a later run has begun. */
  postpone(run: ImportRun, reason: string): Promise<void>;
}
