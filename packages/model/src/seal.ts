import type { BatchStatus, CompletenessGrade } from './batch.ts';
import type { DirectoryNote } from './decision.ts';

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
}

/** A finished directory, to be recorded once. */
export interface SealRequest {
  readonly rootId: string;
  /** Path below the root; equal to the base name while only direct children are batches. */
  readonly relativePath: string;
  /** Absolute path on this host. */
  readonly path: string;
  readonly name: string;
  readonly grade: CompletenessGrade;
  readonly files: number;
  readonly bytes: number;
  /** Digest of the sorted listing (relative path, size, mtime); tells a re-send from the same content. */
  readonly manifestDigest: string;
  /** Its regular files, in byte order of the path; made when iterated, which may be done again. */
  readonly manifest: Iterable<ManifestFile>;
}

/**
 * `sealed`: recorded and put in the outbox, in one transaction. `known`: was recorded before. `reopened`: was recorded before, and its
 * import waited for files that had vanished; it is in the outbox again. `kept-back`: a person holds it or has set it aside; nothing was
 * written.
 */
export type SealOutcome =
  | { readonly kind: 'sealed' | 'reopened'; readonly batchId: string; readonly generation: number }
  | {
      readonly kind: 'known';
      readonly batchId: string;
      readonly generation: number;
      readonly status: BatchStatus;
      readonly changed: boolean;
    }
  | { readonly kind: 'kept-back'; readonly batchId: null; readonly generation: null; readonly note: DirectoryNote };

/** One message to the queue; lives until the effect of its job is committed. */
export interface OutboxRow {
  /** Also the job id. */
  readonly id: string;
  readonly kind: 'import-dicomdir';
  readonly batchId: string;
}
