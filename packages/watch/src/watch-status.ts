import type { BackendName } from './backend.ts';

/** Directories that the kernel cannot watch for one reason. */
export interface WatchProblem {
  /** errno name. */
  readonly code: string;
  readonly directories: number;
  /** One of them. */
  readonly path: string;
  /** Remedy: a sysctl to raise, a permission to give. */
  readonly hint: string;
}

/** How a source stands. Counts are since it was opened. */
export interface WatchStatus {
  readonly backend: BackendName;
  readonly reason: string;
  /** `absent`: the root is not there and is waited for. */
  readonly state: 'watching' | 'absent' | 'ended';
  /** Directories that the kernel watches, or that are listed by turns. */
  readonly watches: number;
  readonly overflows: number;
  /** Full comparisons of the tree with the disk: after overflows, and by time. */
  readonly rescans: number;
  /** Entries that a rescan found and no event had told. */
  readonly foundByRescan: number;
  readonly problems: readonly WatchProblem[];
}

/** The status of a source that watches one directory and does not compare it by itself. */
export function flatStatus(
  { backend, reason }: Pick<WatchStatus, 'backend' | 'reason'>,
  { ended, overflows }: { readonly ended: boolean; readonly overflows: number },
): WatchStatus {
  const state = ended ? 'ended' : 'watching';
  return { backend, reason, state, watches: ended ? 0 : 1, overflows, rescans: 0, foundByRescan: 0, problems: [] };
}
