import type { MonotonicMs } from '@sendit/model';
import type { Answer, Evidence } from './rule.ts';

/** It is so. */
export function yes(reason: string, evidence: Evidence = {}): Answer {
  return { answer: 'yes', reason, evidence, recheckAt: null };
}

/** Nothing is known of it. */
export function unknown(reason: string, evidence: Evidence = {}): Answer {
  return { answer: 'unknown', reason, evidence, recheckAt: null };
}

/** It is not so; `toFinish` says what would make it so, `recheckAt` when to ask again. */
export function no(
  reason: string,
  more: { readonly evidence?: Evidence; readonly recheckAt?: MonotonicMs | null; readonly toFinish: string },
): Answer {
  const { evidence = {}, recheckAt = null, toFinish } = more;
  return { answer: 'no', reason, evidence, recheckAt, toFinish };
}

/** `15 s`, `600 ms` as seconds. */
export function toSeconds(ms: number): string {
  return `${ms / 1000} s`;
}
