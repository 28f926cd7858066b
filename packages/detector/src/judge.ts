import type { CompletenessGrade, MonotonicMs } from '@sendit/model';
import type { FolderFacts } from './facts.ts';
import { strongest } from './grades.ts';
import type { Answer, Finding, Rule, Verdict } from './rule.ts';

/** However the rules are set, two looks at one folder are at least this far apart. */
const LEAST_WAIT_MS = 100;

interface Asked {
  readonly rule: Rule;
  readonly said: Answer;
}

/** The answers that keep a folder from being finished. */
interface Open {
  readonly blocking: readonly Asked[];
  /** Proofs, where none said yes. */
  readonly missing: readonly Asked[];
}

/** Judges one folder: finished when any proof says yes and no veto says no, else at its deadline. Pure: same facts, same verdict. */
export function judge(folder: FolderFacts, rules: readonly Rule[], now: MonotonicMs): Verdict {
  const asked = rules.map((rule): Asked => ({ rule, said: rule.judge(folder, now) }));
  const findings = asked.map(toFinding);
  const proven = asked.filter(({ rule, said }) => rule.kind === 'proof' && said.answer === 'yes');
  const grade = strongest(proven.flatMap(toGrade));
  const doubts = asked.flatMap((one) => (isDoubt(one, grade) ? [one.said.reason] : []));
  const open: Open = {
    blocking: asked.filter((one) => isBlocking(one, grade)),
    missing: grade === null ? asked.filter(({ rule }) => rule.kind === 'proof') : [],
  };
  if (grade !== null && open.blocking.length === 0) {
    const proof = proven.find((one) => toGrade(one).includes(grade));
    const reason = proof?.said.reason ?? '';
    return { finished: true, outcome: 'finished', grade, reason, recheckAt: null, doubts, findings };
  }
  const told = asked.find((one) => open.blocking.includes(one) || open.missing.includes(one));
  const reason = told?.said.reason ?? 'no rule can prove it';
  const waiting = { finished: false, grade: null, reason, doubts, findings } as const;
  const over = asked.find(({ rule, said }) => rule.kind === 'deadline' && said.answer === 'yes');
  const held = { ...waiting, outcome: 'hold', recheckAt: toRecheckAt(open, [], now) } as const;
  if (over?.rule.kind !== 'deadline') {
    if (open.blocking.some(({ said }) => said.holds === true)) return held;
    return { ...waiting, outcome: 'waiting', recheckAt: toRecheckAt(open, toDeadlines(asked), now) };
  }
  const { action } = over.rule;
  if (action === 'quarantine') return { ...waiting, outcome: 'quarantine', recheckAt: null };
  // What time has no part in is not a matter of time.
  const mayProceed = !open.blocking.some(({ rule }) => rule.kind === 'veto' && rule.scope !== 'quiet');
  if (action === 'proceed' && mayProceed) {
    const taken = { finished: true, outcome: 'finished', grade: 'incomplete', recheckAt: null } as const;
    return { ...waiting, ...taken, reason: over.said.reason };
  }
  return held;
}

function toGrade({ rule, said }: Asked): readonly CompletenessGrade[] {
  return rule.kind === 'proof' ? [said.grade ?? rule.grade] : [];
}

function isBlocking({ rule, said }: Asked, grade: CompletenessGrade | null): boolean {
  if (rule.kind !== 'veto' || said.answer !== 'no') return false;
  return rule.scope === 'always' || grade === null || grade === 'quiet';
}

function isDoubt(one: Asked, grade: CompletenessGrade | null): boolean {
  const { rule, said } = one;
  if (said.answer !== 'no') return false;
  return rule.kind === 'grade' || (rule.kind === 'veto' && rule.scope === 'unproven' && !isBlocking(one, grade));
}

function toFinding({ rule, said }: Asked): Finding {
  const { answer, reason, evidence, recheckAt, toFinish = null } = said;
  return { rule: rule.name, kind: rule.kind, answer, reason, evidence, recheckAt, toFinish };
}

function toDeadlines(asked: readonly Asked[]): readonly MonotonicMs[] {
  return asked.flatMap(({ rule, said: { recheckAt } }) =>
    rule.kind === 'deadline' && recheckAt !== null ? [recheckAt] : [],
  );
}

/** The soonest proof and then every veto must be over, or the deadline; null when neither has a time. */
function toRecheckAt(open: Open, deadlines: readonly MonotonicMs[], now: MonotonicMs): MonotonicMs | null {
  const times = open.blocking.map(({ said }) => said.recheckAt);
  if (open.missing.length > 0 || open.blocking.length === 0) {
    const proofTimes = open.missing.flatMap(({ said }) => (said.recheckAt === null ? [] : [said.recheckAt]));
    times.push(proofTimes.length === 0 ? null : Math.min(...proofTimes));
  }
  const ways = times.includes(null) ? [...deadlines] : [Math.max(...times.map((time) => time ?? now)), ...deadlines];
  return ways.length === 0 ? null : Math.max(now + LEAST_WAIT_MS, Math.min(...ways));
}
