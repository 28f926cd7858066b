/** How the installation is set up: one process, PostgreSQL, or PostgreSQL with Redis. */
export type Mode = 'embedded' | 'postgres' | 'postgres+redis';

/** Space of the file system that something lies on. */
export interface DiskSpace {
  /** For those who are not root. */
  readonly freeBytes: number;
  readonly totalBytes: number;
  /** When it will be full, ISO 8601, if it goes on as in the last hours; null where it does not become fuller, or nobody can tell. */
  readonly fullAt: string | null;
}

/** What has waited longest of what is not sealed, and is neither held nor quarantined. */
export interface OldestWaiting {
  /** ISO 8601. */
  readonly since: string;
  /** What it waits for. */
  readonly reason: string;
}

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
  /** What has waited longest; null for nothing, absent from an earlier version's watcher. */
  readonly oldest?: OldestWaiting | null | undefined;
  /** Of the folder; null where it cannot be told, absent from an earlier version's watcher. */
  readonly disk?: DiskSpace | null | undefined;
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

/** Number of batches that stand still until a person does something, by cause; what a person has acknowledged is not counted. */
export interface HeldCounts {
  /** Sealed files that vanished before the import. */
  readonly missing: number;
  /** Sealed files that the system refuses to read. */
  readonly unreadable: number;
  /** HELD for another reason: a person or a policy said so. */
  readonly held: number;
  /** ERROR. */
  readonly failed: number;
  readonly quarantined: number;
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
  /** Absent from an earlier version. */
  readonly version?: string | undefined;
  /** Of the embedded database; absent where there is none. */
  readonly databaseDisk?: DiskSpace | undefined;
  readonly roots: readonly RootStatus[];
}
