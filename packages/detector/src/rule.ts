import type { CompletenessGrade, MonotonicMs } from '@sendit/model';
import type { FolderFacts } from './facts.ts';

/** Numbers and words a rule looked at; no file names, so that it may be shown anywhere. */
export type Evidence = Readonly<Record<string, string | number | boolean | null>>;

/** What one rule says of one folder. A veto says `no` to forbid; `unknown` neither proves nor forbids. */
export interface Answer {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** A fixed phrase without changing numbers: it is logged once per change. */
  readonly reason: string;
  readonly evidence: Evidence;
  /** When waiting alone can turn the answer into `yes`; null when it is `yes` or waiting cannot help. */
  readonly recheckAt: MonotonicMs | null;
}

interface RuleBase {
  readonly name: string;
  /** Pure: same facts and same time, same answer. */
  judge(folder: FolderFacts, now: MonotonicMs): Answer;
}

/** One `yes` among the proofs is needed; the strongest one's grade is kept. */
export interface ProofRule extends RuleBase {
  readonly kind: 'proof';
  readonly grade: CompletenessGrade;
}

/** A `no` forbids: `always`, or only where `quiet` is the sole proof. */
export interface VetoRule extends RuleBase {
  readonly kind: 'veto';
  readonly scope: 'always' | 'quiet';
}

/** One completeness rule; in a list, earlier rules give the reason first. */
export type Rule = ProofRule | VetoRule;

/** A rule's answer, as told to a person. */
export interface Finding {
  readonly rule: string;
  readonly kind: Rule['kind'];
  readonly answer: Answer['answer'];
  readonly reason: string;
  readonly evidence: Evidence;
}

/** The judgement of one folder at one time. */
export interface Verdict {
  readonly finished: boolean;
  /** Of the strongest proof; null while not finished. */
  readonly grade: CompletenessGrade | null;
  readonly reason: string;
  /**
   * When to look again: a folder that does not change until then is finished (an empty or unreadable one is only asked again).
   * Null when finished, or when only an event can change the answer.
   */
  readonly recheckAt: MonotonicMs | null;
  readonly findings: readonly Finding[];
}
