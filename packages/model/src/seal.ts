import type { BatchStatus, CompletenessGrade } from './batch.ts';
import type { UnitKind } from './unit.ts';
import type { DirectoryNote } from './decision.ts';
import type { DigestAlgorithm } from './import.ts';

/** A watched folder as the database knows it; `name` is its identity, two hosts may mount one share differently. */
export interface Root {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}

/** One file of a sealed batch, as it was when it was sealed. */
export interface ManifestFile {
  /** Below the batch directory, `/`-separated; bytes that are not UTF-8 become U+FFFD. */
  readonly path: string;
  /** The bytes of the path where they are not valid UTF-8. */
  readonly rawPath?: Uint8Array;
  readonly bytes: number;
  /** Modification time, ns since the epoch. */
  readonly mtimeNs: bigint;
  readonly inode: bigint;
  /** When it came to be, ns since the epoch; absent where the file system does not say, and in what earlier versions recorded. */
  readonly bornNs?: bigint;
  /** When its inode last changed (ctime), ns since the epoch; absent in what earlier versions recorded. */
  readonly changedNs?: bigint;
}

/** A sealed file of which only the change time is another: touched, or overwritten in place. Its digest says which. */
export interface TouchedFile {
  readonly path: string;
  /** The kind of the digest that its import recorded. */
  readonly algorithm: DigestAlgorithm;
}

/** Digests of {@link TouchedFile}s as they are now, by path; null where nobody could make one. */
export type TouchedDigests = ReadonlyMap<string, string | null>;

/**
 * Policy for files that come or change after the directory was sealed:
 *
 * ignore  nothing: it is counted and said
 * amend   the new and changed files are the next generation
 * whole   the whole directory is the next generation
 * hold    the whole directory is the next generation, HELD for a person
 */
export const LATE_POLICIES = ['ignore', 'amend', 'whole', 'hold'] as const;

/** One word of {@link LATE_POLICIES}. */
export type LatePolicy = (typeof LATE_POLICIES)[number];

/**
 * Directories ignore late files, as the original watcher did; a series or study imports them, as after a resumed
 * association.
 */
export function defaultLatePolicy(unit: UnitKind): LatePolicy {
  return unit === 'directory' ? 'ignore' : 'amend';
}

/** Cheap fingerprint of a directory: if unchanged since a look, skip the listing. Plain JSON. */
export interface FolderSignature {
  /** Identity of the directory: a later one of the same name has another. */
  readonly identity: string;
  /** The directory and those below it: the path with one character for each byte, and what changes with its entries. */
  readonly directories: readonly (readonly [path: string, stamp: string])[];
}

/** Result of a look at a recorded directory. */
export interface SeenDirectory {
  readonly manifestDigest: string;
  /** Null where it has too many directories. */
  readonly signature: FolderSignature | null;
  readonly late: LatePolicy;
  /** The files in byte order of the path, to find out whether sealed ones vanished or others took their place; without it neither is asked. */
  readonly manifest?: Iterable<ManifestFile> | undefined;
  /** As in {@link SealRequest}. */
  readonly keepsInodes?: boolean | undefined;
  /** As in {@link SealRequest}. */
  readonly touched?: TouchedDigests | undefined;
}

/** The newest recorded generation of one path. */
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

/** A batch that is held since its files could not be read. */
export interface UnreadableBatch {
  readonly batchId: string;
  /** The key of its unit, or the name of its directory. */
  readonly name: string;
  /** The directory below which its sealed files lie. */
  readonly path: string;
}

/**
 * `unchanged`: as it was sealed; with `touched` only once the digests of these files are told too. `reopened`: as it was sealed, and its import waited for that; it is in the outbox again. `late`: files
 * came or changed; `isNew` when this was not seen before, `isLeft` when it is not to be sealed. `replaced`: another directory has its name, with other files.
 */
export type SeenOutcome =
  | { readonly kind: 'unchanged'; readonly touched?: readonly TouchedFile[] }
  | { readonly kind: 'reopened' | 'replaced' }
  | { readonly kind: 'late'; readonly isNew: boolean; readonly isLeft: boolean };

/** A finished directory, to be recorded once. */
export interface SealRequest {
  readonly rootId: string;
  /**
   * Its unit, a directory by default; for a series or study, `relativePath` and `name` are its key (`series/<uid>`).
   */
  readonly unit?: UnitKind | undefined;
  /** Identity below the root. */
  readonly relativePath: string;
  /** Absolute path, on this host, of the directory that its files lie below: of a series or study, the root's. */
  readonly path: string;
  readonly name: string;
  readonly grade: CompletenessGrade;
  readonly files: number;
  readonly bytes: number;
  /** Digest of the sorted listing (relative path, size, mtime); tells a re-send from the same content. */
  readonly manifestDigest: string;
  /** Its regular files, in byte order of the path; made when iterated, which may be done again. */
  readonly manifest: Iterable<ManifestFile>;
  /** Null or absent where nothing tells a change of it without a listing. */
  readonly signature?: FolderSignature | null | undefined;
  /** Policy if it is already recorded with other files, unless a person decided `amend`; `ignore` by default. */
  readonly late?: LatePolicy | undefined;
  /** A file keeps its inode number for as long as it is that file; false by default: then only times of birth tell two files apart. */
  readonly keepsInodes?: boolean | undefined;
  /** Files that were read again, since an earlier answer asked for it. */
  readonly touched?: TouchedDigests | undefined;
  /** A scan found it, no event told of it: its import waits for what arrives. */
  readonly isFound?: boolean;
}

/**
 * `sealed`: recorded and put in the outbox, in one transaction. `known`: was recorded before. `reopened`: was recorded before, and its
 * import waited for files that had vanished; it is in the outbox again. `renamed`: it was
 * recorded under another name, which it does not have any more; the batch follows it. `held`: recorded as HELD, by the late-arrival policy. `kept-back`: a person holds it or has set it aside; nothing was
 * written.
 */
export type SealOutcome =
  | {
      readonly kind: 'sealed' | 'reopened' | 'held';
      readonly batchId: string;
      readonly generation: number;
      /** Files came or changed after the seal of the generation before, and this was not seen before. */
      readonly isLate: boolean;
    }
  | {
      readonly kind: 'renamed';
      readonly batchId: string;
      readonly generation: number;
      /** The path below the root that it had before. */
      readonly from: string;
      readonly isLate: false;
    }
  | {
      readonly kind: 'known';
      readonly batchId: string;
      readonly generation: number;
      readonly status: BatchStatus;
      readonly changed: boolean;
      /** It changed, and this was not seen before. */
      readonly isLate: boolean;
      /** Unchanged only if these files have the digests that were recorded: to be asked again with them. */
      readonly touched?: readonly TouchedFile[];
    }
  | { readonly kind: 'kept-back'; readonly batchId: null; readonly generation: null; readonly note: DirectoryNote };

/** One message to the queue; lives until the effect of its job is committed. */
export interface OutboxRow {
  /** Also the job id. */
  readonly id: string;
  readonly kind: 'import-dicomdir' | 'hand-on' | 'step';
  readonly batchId: string;
  /** The job that it is a part of, with others; absent of one that has a job of its own. */
  readonly groupId?: string;
  /** Sealed files of the batch, of one that was never sent. */
  readonly freshFiles?: number;
  /** A scan found the directory: what arrives now goes before it. */
  readonly isFound?: boolean;
}
