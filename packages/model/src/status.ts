import type { ActionCounts, ActionQuery, ActionSummary } from './action.ts';
import type { BatchDetail, BatchStatus, BatchSummary } from './batch.ts';
import type { Health } from './health.ts';
import type { AcceptMountRequest, AuditQuery, AuditRecord, DecisionRequest, DirectoryDecision } from './decision.ts';

/** How the installation is set up: one process, PostgreSQL, or PostgreSQL with Redis. */
export type Mode = 'embedded' | 'postgres' | 'postgres+redis';

/** State of one watch path. */
export interface RootStatus {
  readonly name: string;
  readonly path: string;
  /** `inotify`, `chokidar`, …; `none` when it cannot be watched. */
  readonly backend: string;
  /** Why this backend: `Linux, ext4`; null when it cannot be watched. */
  readonly backendReason: string | null;
  /** Directories seen and not yet sealed. */
  readonly pending: number;
  /** Of these, how many are held and how many quarantined, by the deadline or by a person. */
  readonly held: number;
  readonly quarantined: number;
  /** Test directories skipped since start. */
  readonly skippedTests: number;
  /** Names that are ignored (`ignore`), seen since start. */
  readonly ignored: number;
  /** Contents seen after their directory was sealed, since start. */
  readonly lateChanges: number;
  /** Kernel queue overflows since start; each was followed by a rescan. */
  readonly overflows: number;
  /** Entries that a rescan found since start without any event. */
  readonly foundByRescan: number;
  /** Why it is not watched now, or null. */
  readonly problem: string | null;
  /** Notes that are not faults, such as whose open files cannot be seen. Absent from an earlier version's watcher. */
  readonly notes?: readonly string[] | undefined;
  /** Current shortages of the watch and what to do: a limit with the sysctl to raise, a permission. */
  readonly problems: readonly string[];
}

/** Job counts of the import queue. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

/** Number of HELD batches by cause. */
export interface HeldCounts {
  /** Sealed files that vanished before the import. */
  readonly missing: number;
  /** Sealed files that the system refuses to read. */
  readonly unreadable: number;
}

/** `sendit watcher status --json`. */
export interface WatcherStatus {
  /** By heartbeat (and, on the same host, by the pid file). */
  readonly active: boolean;
  readonly pid: number | null;
  /** ISO time of the start, or null when inactive. */
  readonly since: string | null;
  readonly mode: Mode;
  readonly portal: { readonly url: string | null };
  readonly roots: readonly RootStatus[];
  /** Null when the queue cannot be reached. */
  readonly queue: QueueCounts | null;
  /** Hand-on actions that are not done; null when the database cannot be asked. */
  readonly actions: ActionCounts | null;
  /** Problems beyond those of the watch paths, for an operator: the messages of `health`. */
  readonly problems: readonly string[];
  /** The judgement of the whole installation; absent in the answer of an older watcher. */
  readonly health?: Health | undefined;
}

/** A daemon's record of itself, written every few seconds. */
export interface Heartbeat {
  /** A watcher where it is not said. */
  readonly role?: 'worker' | undefined;
  readonly host: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly mode: Mode;
  readonly portalUrl: string | null;
  readonly roots: readonly RootStatus[];
}

/** Which batches to list. */
export interface BatchQuery {
  readonly status?: BatchStatus | undefined;
  readonly root?: string | undefined;
  /** Only those that changed after the seal, where that is not imported. */
  readonly late?: boolean | undefined;
  /** ISO 8601: only batches that were sealed at this time or later. */
  readonly since?: string | undefined;
  /** ISO 8601: only batches that were sealed before this time. */
  readonly until?: string | undefined;
  /** Only batches with this name; `*` stands for any characters, `?` for one. */
  readonly name?: string | undefined;
  /** Only batches with images of the study with this StudyInstanceUID. */
  readonly study?: string | undefined;
  /** Only batches after the one with this id, newest first: the next page. */
  readonly after?: string | undefined;
  /** Skips this many of the newest. */
  readonly offset?: number | undefined;
  /** At most this many, newest first; 50 by default. */
  readonly limit?: number | undefined;
}

/** Outcome of asking for a retry. */
export type RetryOutcome =
  | { readonly kind: 'queued'; readonly batchId: string }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'refused'; readonly status: BatchStatus };

/** Which batches to queue again, a page at a time, in the order of their ids. */
export interface RetryQuery {
  /** Only batches with one of these statuses; those that cannot be queued again are never among the answers. */
  readonly statuses: readonly BatchStatus[];
  readonly root?: string | undefined;
  /** ISO 8601: only batches that ended at this time or later. */
  readonly since?: string | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /** At most this many, from 1 to 1000. */
  readonly limit: number;
  /** Only tell which they would be. */
  readonly dryRun: boolean;
  /** Who asks, for the audit. */
  readonly by?: string | undefined;
}

/** One page of {@link RetryQuery}. */
export interface RetryPage {
  /** The batches that are queued again, or would be. */
  readonly batchIds: readonly string[];
  /** Where the next page begins; null after the last one. */
  readonly next: string | null;
}

/** A directory that is seen and not yet sealed: one line of `sendit watcher pending --json`. */
export interface PendingDirectory {
  /** Name of the watch path. */
  readonly root: string;
  readonly path: string;
  readonly name: string;
  /** How it came under its name; `found` by a scan, so that nobody knows. */
  readonly arrival: 'renamed' | 'created' | 'found';
  /** Number of files at the time of the rename, if it was renamed. */
  readonly renamedFiles?: number | undefined;
  /** `hold` and `quarantine`: it has waited too long, or a person said so. `skipped`: it is never taken as it is, and nobody waits for it. */
  readonly outcome: 'waiting' | 'hold' | 'quarantine' | 'skipped';
  /** What it is waiting for, or who keeps it back and why. */
  readonly reason: string;
  /** ISO time since when it is held or quarantined; null while it waits. */
  readonly since: string | null;
  /** A person's decision about it, or null. */
  readonly decision: DirectoryDecision | null;
  /** Distinguishes it from a later directory of the same name; null if nobody has looked. */
  readonly identity: string | null;
  /** Since it was first seen; null while no watcher runs. */
  readonly waitingMs: number | null;
  /** Since it was last seen to change; null before the first look. */
  readonly unchangedMs: number | null;
  /** Digest of what the last look saw; null before it. */
  readonly snapshotDigest: string | null;
  /** Quiet time of its watch path; null where only the database was asked. */
  readonly quietMs: number | null;
}

/** Queries and commands of an installation; served in-process, over the unix socket, or from the database. */
export interface SenditApi {
  listBatches(query: BatchQuery): Promise<readonly BatchSummary[]>;
  /**
   * By id (`17`, `id:17`), absolute path, name (newest generation), or UID of a study or series.
   * @throws SenditError `bad-arguments` where several are meant
   */
  showBatch(ref: string): Promise<BatchDetail | undefined>;
  /** `by`: who asks, for the audit. */
  retryBatch(ref: string, by?: string): Promise<RetryOutcome>;
  /** Each page is one transaction with its audit records; repeated, it finds nothing more to do. */
  retryBatches(query: RetryQuery): Promise<RetryPage>;
  /**
   * Writes what a person decides about a batch, or about a directory that is not sealed yet, with its audit record.
   * @throws SenditError `not-found`; `refused` where its state does not allow it
   */
  decide(request: DecisionRequest): Promise<AuditRecord>;
  /**
   * Accepts the mount that is now at a watch path, with an audit record.
   * @throws SenditError `not-found`; `refused` where nothing else lies there
   */
  acceptMount(request: AcceptMountRequest): Promise<AuditRecord>;
  listAudit(query: AuditQuery): Promise<readonly AuditRecord[]>;
  listActions(query: ActionQuery): Promise<readonly ActionSummary[]>;
  /** Failed ones get all their attempts again; gives how many. Repeated, it finds nothing more to do. */
  retryActions(query: ActionQuery): Promise<{ readonly queued: number }>;
  status(): Promise<WatcherStatus>;
  /**
   * Pending candidates, longest wait first. Only the watcher's own process knows all; the database knows those held,
   * quarantined or decided about.
   */
  listPending(): Promise<readonly PendingDirectory[]>;
}
