import type {
  ActionQuery,
  ActionRetry,
  ActionSummary,
  AuditQuery,
  AuditRecord,
  BatchDetail,
  BatchQuery,
  BatchSummary,
  Configuration,
  DryRun,
  DryRunQuery,
  Explanation,
  FindingQuery,
  FindingRow,
  ImageQuery,
  ImageRow,
  JobQuery,
  JobRow,
  Page,
  PauseRequest,
  PendingDirectory,
  QueuePause,
  RetryOutcome,
  SenditApi,
  SeriesQuery,
  SeriesRow,
  StageCounts,
  StudyQuery,
  StudyRow,
  ThroughputQuery,
  ThroughputRow,
  Totals,
  WatcherStatus,
  WorkView,
} from '@sendit/api';
import type {
  ActionCounts,
  DirectoryNote,
  HealthLimits,
  HeldCounts,
  Heartbeat,
  Mode,
  QueueCounts,
  Root,
} from '@sendit/model';
import type { MountAccepter } from './accept-mount.ts';
import type { People } from './people/people-api.ts';
import type { DecideDeps } from './decide.ts';
import type { WorkDeps } from './work-facts.ts';

/** Ports of {@link createDatabaseApi}; the database and the queue satisfy them. */
export interface DatabaseApiDeps extends Omit<DecideDeps, 'decisions'> {
  readonly batches: {
    list(query: BatchQuery): Promise<Page<BatchSummary>>;
    show(ref: string): Promise<BatchDetail | undefined>;
    countLate(): Promise<number>;
    countHeld(): Promise<HeldCounts>;
    retry(ref: string, by?: string): Promise<RetryOutcome>;
    retryMany: SenditApi['retryBatches'];
    prune: SenditApi['pruneBatches'];
  };
  readonly decisions: DecideDeps['decisions'] & { audit(query: AuditQuery): Promise<Page<AuditRecord>> };
  readonly directories: { list(): Promise<readonly { readonly root: Root; readonly note: DirectoryNote }[]> };
  readonly actions: {
    list(query: ActionQuery): Promise<Page<ActionSummary>>;
    counts(): Promise<ActionCounts>;
    retry(query: ActionRetry): Promise<number>;
  };
  readonly views: {
    countStages(midnight: Date): Promise<Omit<StageCounts, 'arriving' | 'settling'>>;
    totals(): Promise<Totals>;
    work(): Promise<WorkView>;
    dryRun(query: DryRunQuery): Promise<DryRun>;
    studies(query: StudyQuery): Promise<Page<StudyRow>>;
    series(query: SeriesQuery): Promise<Page<SeriesRow>>;
    images(query: ImageQuery): Promise<Page<ImageRow>>;
    findings(query: FindingQuery): Promise<Page<FindingRow>>;
    jobs(query: JobQuery): Promise<Page<JobRow>>;
    throughput(query: ThroughputQuery): Promise<Page<ThroughputRow>>;
  };
  readonly mounts: MountAccepter;
  readonly people: People;
  readonly heartbeats: { list(): Promise<readonly (Heartbeat & { readonly ageMs: number })[]> };
  readonly queue: { counts(): Promise<QueueCounts>; probe?(): Promise<void> } | undefined;
  readonly mode: Mode;
  /** From when on something counts as a problem; never by default. */
  readonly limits?: HealthLimits | undefined;
  readonly queuePause: {
    read(): Promise<QueuePause | null>;
    pause(request: PauseRequest): Promise<QueuePause>;
    resume(request: PauseRequest): Promise<void>;
  };
  /** Which alert channels fail; none by default. */
  readonly readFailing?: WorkDeps['readFailing'] | undefined;
  /** The watcher's own status in its process; else the status from the database. */
  readonly status?: (() => Promise<WatcherStatus>) | undefined;
  /** The watcher's pending candidates in its process; else the database's notes. */
  readonly pending?: (() => readonly PendingDirectory[]) | undefined;
  /** The settings of this process; without it, they are asked for elsewhere. */
  readonly configuration?: (() => Configuration) | undefined;
  /** Judges what a reference names by its files; without it, nobody here sees them. */
  readonly explain?: ((ref: string) => Promise<Explanation>) | undefined;
}
