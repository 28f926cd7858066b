import type { MonotonicMs } from '@sendit/model';
import type { FolderFacts, FolderSight } from './facts.ts';
import { observe } from './facts.ts';
import { judge } from './judge.ts';
import { nextLookAt } from './next-look.ts';
import type { Recording } from './recording.ts';
import { advance } from './replay.ts';
import type { Rule, Verdict } from './rule.ts';

/** The decision that a watcher with a given rule set would have made about a recorded folder. */
export interface ReplayedDecision {
  readonly outcome: Verdict['outcome'];
  readonly grade: Verdict['grade'];
  readonly reason: string;
  /** When it was decided, ms since the first step; null where it waits for ever. */
  readonly at: MonotonicMs | null;
  /** Files that were there then. */
  readonly files: number;
  /** It was sealed and changed afterwards, within the recording. */
  readonly isEarly: boolean;
  /** It was decided after the last step, as if nothing had happened any more. */
  readonly isBeyondEnd: boolean;
}

/** Looks beyond the end of a recording: a deadline is a few thousand of them away at most. */
const MOST_LOOKS = 200_000;

/**
 * The first decision (finished, held or quarantined) of a rule set on a recording: what a live watcher that looked at the same times says.
 * Beyond its end the folder is looked at as it was last.
 */
export function replayDecision(
  { sight, steps }: Recording,
  rules: readonly Rule[],
  { quietMs }: { readonly quietMs: number },
): ReplayedDecision {
  let facts: FolderSight | FolderFacts = sight;
  for (const step of steps) {
    facts = advance(facts, step);
    if (!('listing' in facts)) continue;
    const verdict = judge(facts, rules, step.at);
    if (verdict.outcome !== 'waiting') return toDecision(verdict, { facts, at: step.at, steps, isBeyondEnd: false });
  }
  if (!('listing' in facts)) return { ...NOTHING, reason: 'it was never looked at' };
  let seen: FolderFacts = facts;
  let at = steps.at(-1)?.at ?? 0;
  let verdict = judge(seen, rules, at);
  for (let looks = 0; looks < MOST_LOOKS && verdict.outcome === 'waiting'; looks++) {
    if (verdict.recheckAt === null) break;
    at = nextLookAt(verdict, at, { quietMs });
    seen = observe(seen, seen.listing, at);
    verdict = judge(seen, rules, at);
  }
  return toDecision(verdict, { facts: seen, at, steps, isBeyondEnd: true });
}

const NOTHING = { outcome: 'waiting', grade: null, at: null, files: 0, isEarly: false, isBeyondEnd: true } as const;

function toDecision(
  { finished, grade, outcome, reason }: Verdict,
  {
    at,
    facts,
    isBeyondEnd,
    steps,
  }: Pick<Recording, 'steps'> & {
    readonly facts: FolderFacts;
    readonly at: MonotonicMs;
    readonly isBeyondEnd: boolean;
  },
): ReplayedDecision {
  const { files, manifestDigest } = facts.listing;
  const isEarly =
    finished &&
    steps.some((step) => step.at > at && step.kind === 'look' && step.listing.manifestDigest !== manifestDigest);
  return { outcome, grade, reason, at: outcome === 'waiting' ? null : at, files, isEarly, isBeyondEnd };
}
