import type { MonotonicMs } from '@sendit/model';
import { type FolderFacts, type FolderListing, type FolderSight, observe, touch } from './facts.ts';
import { judge } from './judge.ts';
import type { Rule, Verdict } from './rule.ts';

/** One recorded step in the life of a folder: a look with what it saw, or an event that spoke of a change. Plain JSON. */
export type RecordedStep =
  | { readonly kind: 'look'; readonly at: MonotonicMs; readonly listing: FolderListing }
  | { readonly kind: 'change'; readonly at: MonotonicMs };

/** Facts after one more step; undefined before the first look. */
export function advance(previous: FolderSight | FolderFacts, step: RecordedStep): FolderSight | FolderFacts {
  if (step.kind === 'look') return observe(previous, step.listing, step.at);
  return 'listing' in previous ? touch(previous, step.at) : previous;
}

/** Judges a recording after every step, exactly as a live watcher would have at the same times. */
export function replay(
  sight: FolderSight,
  steps: readonly RecordedStep[],
  rules: readonly Rule[],
): readonly { readonly at: MonotonicMs; readonly verdict: Verdict }[] {
  const verdicts: { readonly at: MonotonicMs; readonly verdict: Verdict }[] = [];
  let facts: FolderSight | FolderFacts = sight;
  for (const step of steps) {
    facts = advance(facts, step);
    if ('listing' in facts) verdicts.push({ at: step.at, verdict: judge(facts, rules, step.at) });
  }
  return verdicts;
}
