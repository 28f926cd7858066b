import type { MonotonicMs } from '@sendit/model';
import type { Verdict } from './rule.ts';

export interface LookPlan {
  readonly quietMs: number;
  /** How long the last look took, ms. */
  readonly tookMs?: number;
  /** Folders that are waiting too. */
  readonly pending?: number;
}

/** Looks in one quiet time: the end of a change is noticed within this part of it. */
const LOOKS = 10;

/** One folder may keep one in this many readers busy. */
const LEAST_REST = 20;

/** Folders that may all be looked at so often; more share the looks. */
const AT_ONCE = 20;

const LEAST_MS = 100;

/**
 * When to look again at a folder that is not finished, where nothing tells of changes inside it: `recheckAt` is enough to finish, but a
 * look notices a change only afterwards, and the quiet time counts from there. Looking ten times as often makes the whole wait at most
 * 1.1 quiet times instead of 2. Slow folders and many of them are looked at less often, never later than `recheckAt`.
 */
export function nextLookAt(verdict: Verdict, now: MonotonicMs, plan: LookPlan): MonotonicMs {
  const { quietMs, tookMs = 0, pending = 1 } = plan;
  const quiet = verdict.findings.find(({ rule }) => rule === 'quiet');
  const isSettling = verdict.outcome === 'waiting' && quiet?.answer === 'no' && verdict.recheckAt !== null;
  const share = isSettling ? Math.max(1, pending / AT_ONCE) / LOOKS : 1;
  const everyMs = Math.max(quietMs * share, tookMs * LEAST_REST, LEAST_MS);
  // A proof may come into a folder without an event: nobody waits for a deadline alone.
  return Math.min(verdict.recheckAt ?? Infinity, now + everyMs);
}
