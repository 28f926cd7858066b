import type {
  BatchStatus,
  DirectoryNote,
  FileEvent,
  FolderSignature,
  ManifestFile,
  SealOutcome,
  SealRequest,
  SeenDirectory,
  SeenOutcome,
} from '@sendit/model';

/** What the database knows of one directory that was recorded under a watch path: its newest generation. */
export interface KnownBatch {
  readonly batchId: string;
  readonly status: BatchStatus;
  readonly manifestDigest: string;
  /** It was seen to be gone: when it comes again, it may be sealed again. */
  readonly vanished: boolean;
  /** Null where nothing tells a change of it without a listing. */
  readonly signature: FolderSignature | null;
  /** It is to be looked at whatever its signature says: its import waits for files, or a person wants what came late. */
  readonly isWaiting: boolean;
}

/** A batch that is held since its files could not be read, and of which it is time to try whether they can. */
export interface UnreadableBatch {
  readonly batchId: string;
  /** The key of its unit, or the name of its directory. */
  readonly name: string;
  /** The directory below which its sealed files lie. */
  readonly path: string;
}

/** Where finished directories are recorded. Every method may be repeated; a rejection is taken for an outage and tried again. */
export interface BatchStore {
  /** Records a directory and its outbox row in one transaction, or tells that it is recorded already. */
  seal(request: SealRequest): Promise<SealOutcome>;
  /** What is recorded of these; paths that are not are absent from the answer. At most 500 at a time. */
  findKnown(rootId: string, relativePaths: readonly string[]): Promise<ReadonlyMap<string, KnownBatch>>;
  /** What is recorded and not known to be gone, in order of the paths, from after one; a path may come twice. */
  listThere(rootId: string, page: { readonly after: string; readonly limit: number }): Promise<readonly string[]>;
  /** What a person wants amended and nobody has sealed yet: at most 500 paths, the longest waiting first. */
  listAmending(rootId: string): Promise<readonly string[]>;
  /** Records what a look at a recorded directory saw; seals nothing. */
  noteSeen(batchId: string, seen: SeenDirectory): Promise<SeenOutcome>;
  /** What is held since it cannot be read, and is to be tried now; some of many. */
  listUnreadable(rootId: string): Promise<readonly UnreadableBatch[]>;
  /** The files of a batch as they were sealed, in parts. */
  manifest(batchId: string): AsyncIterable<readonly ManifestFile[]>;
  /** Its files can be read again: it is queued. False when it does not wait for that any more. */
  reopenUnreadable(batchId: string): Promise<boolean>;
  /** The directory is gone; unknown paths are ignored. */
  markVanished(rootId: string, relativePath: string): Promise<void>;
}

/** What the rules came to for one directory. */
export type DirectoryFinding = Pick<
  DirectoryNote,
  'relativePath' | 'outcome' | 'reason' | 'arrival' | 'renamedFiles' | 'identity'
>;

/** Where it is remembered what is to be known of unsealed directories after a restart. Every method may be repeated, as in {@link BatchStore}. */
export interface NoteStore {
  /** `decided`: only those about which a person decided. */
  notes(rootId: string, options?: { readonly decided?: boolean }): Promise<readonly DirectoryNote[]>;
  note(rootId: string, finding: DirectoryFinding): Promise<DirectoryNote>;
  /** What a person holds or has set aside stays so. */
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
  /** What it cannot watch, by cause. */
  readonly problems: readonly { readonly code: string; readonly directories: number; readonly hint: string }[];
}
