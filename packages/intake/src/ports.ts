import type {
  DirectoryFinding,
  DirectoryNote,
  FileEvent,
  KnownBatch,
  ManifestFile,
  SealOutcome,
  SealRequest,
  SeenDirectory,
  SeenOutcome,
  UnreadableBatch,
} from '@sendit/model';

/** Where finished directories are recorded. Every method may be repeated; a rejection is taken for an outage and tried again. */
export interface BatchStore {
  /** Records a directory and its outbox row in one transaction, or tells that it is recorded already. */
  seal(request: SealRequest): Promise<SealOutcome>;
  /** Batches recorded for these paths; others are absent from the answer. At most 500 at a time. */
  findKnown(rootId: string, relativePaths: readonly string[]): Promise<ReadonlyMap<string, KnownBatch>>;
  /** Recorded paths not known to be gone, in order, after a given one; a path may appear twice. */
  listThere(rootId: string, page: { readonly after: string; readonly limit: number }): Promise<readonly string[]>;
  /** Paths that a person wants amended and that are not sealed yet: at most 500, longest wait first. */
  listAmending(rootId: string): Promise<readonly string[]>;
  /** Records what a look at a recorded directory saw; seals nothing. */
  noteSeen(batchId: string, seen: SeenDirectory): Promise<SeenOutcome>;
  /** Batches that are HELD because they cannot be read and are due for another try; some of many. */
  listUnreadable(rootId: string): Promise<readonly UnreadableBatch[]>;
  /** The files of a batch as they were sealed, in parts. */
  manifest(batchId: string): AsyncIterable<readonly ManifestFile[]>;
  /** Its files can be read again: it is queued. False when it does not wait for that any more. */
  reopenUnreadable(batchId: string): Promise<boolean>;
  /** The directory is gone; unknown paths are ignored. */
  markVanished(rootId: string, relativePath: string): Promise<void>;
}

/** Where it is remembered what is to be known of unsealed directories after a restart. Every method may be repeated, as in {@link BatchStore}. */
export interface NoteStore {
  /** `decided`: only those about which a person decided. */
  notes(rootId: string, options?: { readonly decided?: boolean }): Promise<readonly DirectoryNote[]>;
  note(rootId: string, finding: DirectoryFinding): Promise<DirectoryNote>;
  /** A batch that a person holds or has set aside stays so. */
  forget(rootId: string, relativePath: string): Promise<void>;
}

/** One watched directory. Iteration ends when the signal aborts or the directory goes away, and rejects when the backend breaks. */
export interface EventSource extends AsyncDisposable {
  readonly backend: string;
  /** Why this backend. */
  readonly reason: string;
  events(signal?: AbortSignal): AsyncIterable<FileEvent>;
  status(): SourceStatus;
}

/** How a source stands. */
export interface SourceStatus {
  /** Entries that it found by comparing the tree with the disk; 0 where it watches one directory only. */
  readonly foundByRescan: number;
  /** Directories it cannot watch, by cause. */
  readonly problems: readonly { readonly code: string; readonly directories: number; readonly hint: string }[];
}
