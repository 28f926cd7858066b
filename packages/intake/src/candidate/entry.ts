import type { FolderFacts, Verdict } from '@sendit/detector';
import type { MonotonicMs } from '@sendit/model';
import type { Candidate } from '@sendit/processors';

/** What may become of a directory that is not finished. */
export type PendingOutcome = Exclude<Verdict['outcome'], 'finished'>;

/** One name under a watch path; only one piece of work on it runs at a time, so that effects come in the order of events. */
export interface Entry {
  readonly name: string;
  readonly since: MonotonicMs;
  /** Undefined when all that is left to do is to record that it is gone. */
  candidate: Candidate | undefined;
  facts: FolderFacts | undefined;
  /** It was seen to go away: that is recorded before anything else happens to the name. */
  gone: boolean;
  working: boolean;
  /** Something came up while it was worked on: it is due at once. */
  again: boolean;
  /** In a row. */
  failures: number;
  reason: string;
  /** Whether its longest wait is over, and what that means. */
  outcome: PendingOutcome;
  /** The reason that was last logged. */
  told: string | undefined;
}

/** An entry with nothing in it. */
export function createEntry(name: string, now: MonotonicMs): Entry {
  return {
    name,
    since: now,
    candidate: undefined,
    facts: undefined,
    gone: false,
    working: false,
    again: false,
    failures: 0,
    reason: 'not looked at yet',
    outcome: 'waiting',
    told: undefined,
  };
}
