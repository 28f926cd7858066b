import { type DirectoryDecision, type DirectoryNote, type MonotonicMs, toKeptBack } from '@sendit/model';
import type { WritersSighting } from '@sendit/detector';
import type { Candidate } from '@sendit/processors';
import type { CandidateState, PendingOutcome, StepSettings } from './state.ts';

/** A candidate that is seen and not yet sealed. */
export interface PendingCandidate extends Candidate {
  /** What it is waiting for, or who keeps it back and why. */
  readonly reason: string;
  readonly waitingMs: number;
  /** Number of files at the time of the rename, if it was renamed. */
  readonly renamedFiles?: number | undefined;
  /** `hold` and `quarantine`: it has waited too long, or a person said so. `skipped`: it is never taken as it is. */
  readonly outcome: PendingOutcome | 'skipped';
  /** ISO time since when it is held or quarantined; null while it waits. */
  readonly since: string | null;
  /** A person's decision about it. */
  readonly decision: DirectoryDecision | null;
  readonly identity: string | null;
  /** Since it was last seen to change; null before the first look. */
  readonly unchangedMs: number | null;
  /** Of the last look; null before it. */
  readonly snapshotDigest: string | null;
  /** Files that the last look found open for writing. */
  readonly writing?: { readonly files: number; readonly example: string };
}

/** A pending candidate as shown to people; undefined if there is none. */
export function toPending(
  state: CandidateState,
  note: DirectoryNote | undefined,
  { now, settings }: { readonly now: MonotonicMs; readonly settings: StepSettings },
): PendingCandidate | undefined {
  const { candidate, facts, since } = state;
  if (state.phase.kind === 'unfinished') return toUnfinished(state, { now, settings });
  if (candidate === undefined) return undefined;
  const renamed = facts?.renamedFiles === undefined ? {} : { renamedFiles: facts.renamedFiles };
  return {
    ...candidate,
    ...renamed,
    arrival: facts?.arrival ?? candidate.arrival,
    ...toStanding(state, note),
    identity: facts?.listing.identity ?? null,
    waitingMs: Math.round(now - since),
    unchangedMs: facts === undefined ? null : Math.round(now - facts.lastChangeAt),
    snapshotDigest: facts?.listing.snapshotDigest ?? null,
    ...toWriting(facts?.listing.writers),
  };
}

function toWriting(writers: WritersSighting | undefined): Pick<PendingCandidate, 'writing'> {
  if (writers?.kind !== 'open') return {};
  const { example, files } = writers;
  return { writing: { files, example } };
}

/** An entry of a watch path that is not taken as it is. */
export function toUntaken(
  { name, outcome, reason, waitingMs }: Pick<PendingCandidate, 'name' | 'outcome' | 'reason' | 'waitingMs'>,
  prefix: string,
): PendingCandidate {
  const nothing = { since: null, decision: null, identity: null, unchangedMs: null, snapshotDigest: null };
  const rounded = Math.round(waitingMs);
  return { name, path: `${prefix}${name}`, arrival: 'found', outcome, reason, waitingMs: rounded, ...nothing };
}

/** Whether it is held or quarantined; a person's word stands above what the rules came to. */
export function toStanding(
  { outcome, reason }: CandidateState,
  note: DirectoryNote | undefined,
): Pick<PendingCandidate, 'outcome' | 'reason' | 'since' | 'decision'> {
  if (note !== undefined && note.decision !== null) return toKeptBack(note);
  const since = outcome === note?.outcome && outcome !== 'waiting' ? note.since : null;
  return { outcome, reason, since, decision: null };
}

/** Whether a name that cannot be taken has waited too long. */
export function isOverdue({ since }: CandidateState, now: MonotonicMs, maxWaitMs: number | false): boolean {
  return maxWaitMs !== false && now - since >= maxWaitMs;
}

function toUnfinished(
  state: CandidateState,
  { now, settings }: { readonly now: MonotonicMs; readonly settings: StepSettings },
): PendingCandidate {
  const { name, reason, since } = state;
  const outcome = isOverdue(state, now, settings.maxWaitMs) ? 'hold' : 'waiting';
  return toUntaken({ name, outcome, reason, waitingMs: now - since }, settings.prefix);
}
