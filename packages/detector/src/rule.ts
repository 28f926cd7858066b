import type { CompletenessGrade, MonotonicMs } from '@sendit/model';
import type { FolderFacts } from './facts.ts';

/** The facts a rule looked at. May name files: for the person who asks, not for a log. */
export type Evidence = Readonly<Record<string, string | number | boolean | null>>;

/** One rule's answer about one folder. A veto says `no` to forbid; `unknown` neither proves nor forbids. */
export interface Answer {
  readonly answer: 'yes' | 'no' | 'unknown';
  /** A fixed phrase without changing numbers or file names: it is logged once per change. */
  readonly reason: string;
  readonly evidence: Evidence;
  /** When waiting alone can turn the answer into `yes`, or when it is worth asking again; null when it is `yes` or only a change can help. */
  readonly recheckAt: MonotonicMs | null;
  /** How a person turns the answer into `yes`, as an imperative. */
  readonly toFinish?: string;
  /** A veto's `no` that only a person can resolve: held at once, not at the deadline. */
  readonly holds?: true;
  /** For a composed proof: the grade of the part that proved it, instead of the rule's own. */
  readonly grade?: CompletenessGrade;
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

/**
 * A `no` forbids: `always`; `unproven`: where `quiet` is the sole proof, or nothing but the deadline, and beside another proof it is a
 * doubt; `quiet`: only where that is the sole proof.
 */
export interface VetoRule extends RuleBase {
  readonly kind: 'veto';
  readonly scope: 'always' | 'unproven' | 'quiet';
}

/** A `no` is a doubt that is kept and told; it never holds anything up. */
export interface GradeRule extends RuleBase {
  readonly kind: 'grade';
}

/** Action when a folder has waited too long: `hold` for a person, `proceed` as incomplete, or `quarantine`. */
export const DEADLINE_ACTIONS = ['hold', 'proceed', 'quarantine'] as const;

/** One word of {@link DEADLINE_ACTIONS}. */
export type DeadlineAction = (typeof DEADLINE_ACTIONS)[number];

/** A `yes` means that the time is over; `no` has the time in `recheckAt`. */
export interface DeadlineRule extends RuleBase {
  readonly kind: 'deadline';
  readonly action: DeadlineAction;
}

/** One completeness rule, built in or yours; in a list, earlier rules give the reason first. */
export type Rule = ProofRule | VetoRule | GradeRule | DeadlineRule;

/** A rule's answer, as told to a person. */
export interface Finding {
  readonly rule: string;
  readonly kind: Rule['kind'];
  readonly answer: Answer['answer'];
  readonly reason: string;
  readonly evidence: Evidence;
  readonly recheckAt: MonotonicMs | null;
  readonly toFinish: string | null;
}

/** The judgement of one folder at one time. */
export interface Verdict {
  readonly finished: boolean;
  /** `hold` and `quarantine`: the longest wait is over, or only a person can help. A held folder may still finish; a quarantined one is a person's business. */
  readonly outcome: 'finished' | 'waiting' | 'hold' | 'quarantine';
  /** Of the strongest proof; null while not finished. */
  readonly grade: CompletenessGrade | null;
  readonly reason: string;
  /**
   * When to look again: a folder that does not change until then is finished or at its deadline (an empty, unreadable or open one is
   * only asked again). Null when finished, or when only an event can change the answer. Never closer than 100 ms.
   */
  readonly recheckAt: MonotonicMs | null;
  /** Reasons to doubt that it is whole; they hold nothing up. */
  readonly doubts: readonly string[];
  readonly findings: readonly Finding[];
}
