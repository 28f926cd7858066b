import type { BatchStatus } from './batch.ts';

/** A person's possible decisions about a directory that is not sealed; see {@link DECISIONS}. */
export const DIRECTORY_DECISIONS = ['release', 'hold', 'quarantine'] as const;

/** One word of {@link DIRECTORY_DECISIONS}. */
export type DirectoryDecision = (typeof DIRECTORY_DECISIONS)[number];

/**
 * A person's possible decisions about a directory or a batch, whatever the rules say:
 *
 * release     seal it now; a batch that is HELD or QUARANTINED is queued
 * hold        it is not sealed, or not imported, until it is released
 * quarantine  set aside: the same, and nobody expects it to be released
 * accept      of a batch alone: it goes through as it is, in spite of errors or without the files that cannot be read
 * acknowledge of a batch alone: what stands about it is seen, and no problem any more until something else happens to it
 * amend       of a batch alone: what changed after its seal is sealed and imported as its next generation, whatever the policy says
 */
export const DECISIONS = [...DIRECTORY_DECISIONS, 'accept', 'acknowledge', 'amend'] as const;

/** One word of {@link DECISIONS}. */
export type Decision = (typeof DECISIONS)[number];

/**
 * Why a batch cannot be accepted:
 *
 * status    it is neither in ERROR nor HELD
 * held      it is held for another reason than files that cannot be read
 * missing   it is held since files vanished
 * running   an action that follows its error runs just now
 * moved     its files were moved away since its error
 * unsealed  it is a directory that is not sealed
 */
export type AcceptRefusal = 'status' | 'held' | 'missing' | 'running' | 'moved' | 'unsealed';

/**
 * Audited actions. By a person: the decisions, queueing a batch again, accepting another mount at a watch path, and pausing the import
 * queue or letting it go on. By
 * sendit itself: `replace`, when whole files of a later batch count in place of truncated ones.
 */
export const AUDITED = [...DECISIONS, 'retry', 'accept-mount', 'pause', 'resume', 'replace'] as const;

/** One word of {@link AUDITED}. */
export type Audited = (typeof AUDITED)[number];

/** Where a decision comes from and leads to: a batch's status, what an unsealed directory is, the mount of a watch path, or the import queue. */
export type DecidedState =
  | BatchStatus
  | 'WAITING'
  | 'RELEASED'
  | 'FORGOTTEN'
  | 'OTHER-MOUNT'
  | 'ACCEPTED'
  | 'RUNNING'
  | 'PAUSED';

/**
 * Note about a directory that is not sealed: its deadline has passed, it arrived by a rename, or a person decided.
 * Written when one of these changes, not for every event; deleted when it is sealed.
 */
export interface DirectoryNote {
  readonly relativePath: string;
  /** Result of the rules. */
  readonly outcome: 'waiting' | 'hold' | 'quarantine';
  /** Why; free of file names. */
  readonly reason: string;
  /** ISO time since when `outcome` is what it is. */
  readonly since: string;
  readonly arrival: 'renamed' | 'created' | 'found';
  /** Number of files at the time of the rename; null if not counted. */
  readonly renamedFiles: number | null;
  /** Distinguishes the directory from a later one of the same name; null if nobody has looked. */
  readonly identity: string | null;
  readonly decision: {
    readonly decision: DirectoryDecision;
    readonly by: string;
    readonly reason: string;
    readonly at: string;
  } | null;
}

/** Result of the rules for one directory. */
export type DirectoryFinding = Pick<
  DirectoryNote,
  'relativePath' | 'outcome' | 'reason' | 'arrival' | 'renamedFiles' | 'identity'
>;

/** The word for a batch or directory after a decision. */
export const DECIDED_WORDS: Readonly<Record<Decision, string>> = {
  release: 'released',
  hold: 'held',
  quarantine: 'quarantined',
  accept: 'accepted',
  acknowledge: 'acknowledged',
  amend: 'amended',
};

/** `held by alice: …`; the reason of a batch or a directory that a person kept back. */
export function toDecisionReason(
  decision: Decision,
  { by, reason }: { readonly by: string; readonly reason: string },
): string {
  return `${DECIDED_WORDS[decision]} by ${by}: ${reason}`;
}

/** The state of a directory and the reason: a person's decision overrides the rules. */
export function toKeptBack({ decision, outcome, reason, since }: DirectoryNote): {
  readonly outcome: DirectoryNote['outcome'];
  readonly reason: string;
  readonly since: string | null;
  readonly decision: DirectoryDecision | null;
} {
  if (decision === null) {
    return { outcome, reason, since: outcome === 'waiting' ? null : since, decision: null };
  }
  const isReleased = decision.decision === 'release';
  return {
    outcome: decision.decision === 'release' ? 'waiting' : decision.decision,
    reason: toDecisionReason(decision.decision, decision),
    since: isReleased ? null : decision.at,
    decision: decision.decision,
  };
}
