import type { DeadlineAction, NameRules, OwnRules, WritersSighting } from '@sendit/detector';
import type { ChildrenListing, FileKind } from '@sendit/detector/node';
import type {
  BatchLimits,
  Clock,
  DirectoryNote,
  FileEvent,
  FolderSignature,
  LatePolicy,
  Logger,
  Root,
  UnitKind,
} from '@sendit/model';
import type { MountGuard } from './mount/mount-guard.ts';
import type { ReadAgainDeps } from './after/read-again.ts';
import type { BatchStore, NoteStore } from './ports.ts';
import type { Candidate } from '@sendit/processors';
import type { ReadHeaders } from './candidate/header-facts.ts';
import type { ReadDigests } from './candidate/carry-out.ts';
import type { LookAtFolder } from './candidate/landing.ts';
import type { ScanOutcome } from './sources/scanner.ts';
import type { PendingCandidate } from './candidate/pending.ts';
import type { UnitDisk } from './sources/units/unit-disk.ts';

/** The settings of one watch path that matter here. */
export interface IntakeWatchPath {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** 15,000 ms by default. */
  readonly quietMs?: number | undefined;
  /** Directories whose base name begins so, in any case, are left alone; `test` by default, false for none. */
  readonly testPrefix?: string | false | undefined;
  /** `legacy`, `safe` (the default) or `strict`; another where there are `rules`. */
  readonly profile?: string | undefined;
  /** Rules of one's own, in place of a profile. */
  readonly rules?: OwnRules | undefined;
  /** 1 by default. */
  readonly minFiles?: number | undefined;
  /** Longest wait of a directory, from its first look; 6 h by default, `false` for none. */
  readonly maxWaitMs?: number | false | undefined;
  /** Action at the deadline; `hold` by default. */
  readonly onDeadline?: DeadlineAction | undefined;
  /** Policy for files that come or change after the seal; `ignore` by default. */
  readonly late?: LatePolicy | undefined;
  /** Instances of every directory, where they are always as many. */
  readonly instances?: number | undefined;
  /** Unit of a batch: a directory right below the folder by default, or the files of one series or study. */
  readonly unit?: UnitKind | undefined;
  /** Of series: whether one that only quiet proves waits while another of its study still arrives; true by default. */
  readonly waitForSiblings?: boolean | undefined;
  /** How large a batch may be; see `DEFAULT_BATCH_LIMITS` of `@sendit/model`. Of directories the caller's `lookAtFolder` keeps them. */
  readonly limits?: BatchLimits | undefined;
  /** Which names are ignored, and which are not final; `DEFAULT_NAMES` of `@sendit/detector` by default. */
  readonly names?: NameRules | undefined;
  /** Base names that are never batches, such as a state directory that lies in the watch path. */
  readonly ignoreNames?: readonly string[] | undefined;
}

export interface IntakeDeps {
  readonly root: Root;
  readonly watchPath: IntakeWatchPath;
  readonly store: BatchStore;
  /** Notes that survive a restart; without it, nothing does. */
  readonly notes?: NoteStore | undefined;
  readonly lookAtFolder: LookAtFolder;
  /** Asked before a directory is sealed that is only quiet; without it nobody is asked. */
  readonly readWriters?: ((path: string, signal: AbortSignal) => Promise<WritersSighting>) | undefined;
  /** Called before each look that judges a directory: it still arrives. `isRenamed`: to its present name. */
  readonly onJudging?: ((path: string, arrival: { readonly isRenamed: boolean }) => void) | undefined;
  /** Reads headers of directories of which a number of instances is expected; without it none are counted. */
  readonly readHeaders?: ReadHeaders | undefined;
  /** Lists the direct children of the watch path; the disk by default. */
  readonly readChildren?: (folder: string, signal: AbortSignal) => Promise<ChildrenListing>;
  /** Reads the kind of a file right in the watch path; from disk by default. */
  readonly readKind?: ((path: string) => Promise<FileKind>) | undefined;
  /** The files below the watch path; needed where its unit is a series or a study. */
  readonly disk?: UnitDisk | undefined;
  /** Whether a directory may be taken for what it was when its signature was made; asks the disk by default. */
  readonly isUnchanged?: (path: string, signature: FolderSignature) => Promise<boolean>;
  /** Over what is mounted at the watch path: while it is not in place, nothing is sealed and nothing has vanished. Without it, it always is. */
  readonly mount?: Pick<MountGuard, 'isInPlace'> | undefined;
  /** The errno code of the first of some files that cannot be read; asks the disk by default. */
  readonly findRefusal?: ReadAgainDeps['findRefusal'];
  /** Tells a directory or file from a later one of the same name; asks the disk by default. */
  readonly readIdentity?: (path: string) => Promise<string | null>;
  /** Whether files below a folder keep their inode numbers for as long as they are those files; asks the system by default. */
  readonly keepsInodes?: (folder: string) => Promise<boolean>;
  /** Makes digests of files anew of which only the change time is another; without it they count as unchanged. */
  readonly readDigests?: ReadDigests | undefined;
  /** Ms since the epoch; `Date.now` by default. */
  readonly wallNow?: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called after every sealed batch: wakes the relay. */
  readonly onSealed?: () => void;
  /** Folders looked at or sealed at the same time; 64 by default. */
  readonly concurrency?: number;
}

/** Takes candidates of one watch path and seals them when they are complete. */
export interface Intake {
  /** Name and absolute folder on this host, without a slash at the end. */
  readonly watchPath: { readonly name: string; readonly folder: string };
  /** Takes a candidate; test directories are counted and left alone. Returns at once, may be repeated, works also before `run`. */
  submit(candidate: Candidate): void;
  /** A directory right below the watch path went away: a candidate is dropped, a recorded one is marked as vanished. */
  leave(name: string): void;
  /** Whether it needs the events of everything below the watch path, not only of what lies right in it. */
  readonly isRecursive: boolean;
  /** Hears every event below the watch path, before its processor does; units are made of them. */
  note(event: FileEvent): void;
  /** A person decided about a directory: what is remembered of it now, undefined for nothing. It is looked at at once. */
  decide(name: string, note: DirectoryNote | undefined): void;
  /** Compares the folder with the database: submits what is not recorded, marks what vanished. Waits while the database is away. */
  scan(signal: AbortSignal): Promise<ScanOutcome>;
  /** Pending candidates with the reasons, those with an unfinished name, and entries left alone; free of I/O. */
  pending(): { readonly count: number; readonly candidates: readonly PendingCandidate[] };
  /** How many are seen and not sealed, also under unfinished names; without what is left alone. */
  readonly pendingCount: number;
  /** Of what is pending, how many are held and quarantined. */
  readonly kept: { readonly held: number; readonly quarantined: number };
  /** Test directories left alone since the start, each name once. */
  readonly skippedTests: number;
  /** Sentences without names about entries that are not taken although somebody may expect it. */
  readonly problems: readonly string[];
  /** Ignored names seen since the start, each once. */
  readonly ignored: number;
  /** Contents seen after their directory was sealed, since the start. */
  readonly lateChanges: number;
  /** Why nothing is sealed now, and what to do; null while the store takes what is finished. */
  readonly storeProblem: string | null;
  /** Judges and seals until the signal aborts; what is in the store's hands then is waited for. @throws TypeError when run twice at once. */
  run(signal: AbortSignal): Promise<void>;
}
