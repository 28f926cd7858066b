import type { CompletenessGrade, MonotonicMs } from '@sendit/model';
import type { FolderFacts } from './facts.ts';
import type { Answer, Rule, Verdict } from './rule.ts';

/** However the rules are set, two looks at one folder are at least this far apart. */
const LEAST_WAIT_MS = 100;

/** Strongest first. */
const GRADES: readonly CompletenessGrade[] = ['renamed', 'quiet'];

interface Asked {
  readonly rule: Rule;
  readonly said: Answer;
}

/** Judges one folder: finished when any proof says yes and no veto says no. Pure: same facts, same verdict. */
export function judge(folder: FolderFacts, rules: readonly Rule[], now: MonotonicMs): Verdict {
  const asked = rules.map((rule): Asked => ({ rule, said: rule.judge(folder, now) }));
  const findings = asked.map(({ rule, said: { answer, reason, evidence } }) => ({
    rule: rule.name,
    kind: rule.kind,
    answer,
    reason,
    evidence,
  }));
  const grade = strongestGrade(asked);
  const blocking = asked.filter(
    ({ rule, said }) =>
      rule.kind === 'veto' && said.answer === 'no' && (rule.scope === 'always' || grade !== 'renamed'),
  );
  if (grade !== null && blocking.length === 0) {
    const proof = asked.find(
      ({ rule, said }) => rule.kind === 'proof' && rule.grade === grade && said.answer === 'yes',
    );
    return { finished: true, grade, reason: proof?.said.reason ?? '', recheckAt: null, findings };
  }
  const missing = grade === null ? asked.filter(({ rule }) => rule.kind === 'proof') : [];
  const told = asked.find((one) => blocking.includes(one) || missing.includes(one));
  return {
    finished: false,
    grade: null,
    reason: told?.said.reason ?? 'no rule can prove it',
    recheckAt: toRecheckAt({ blocking, missing, proven: grade !== null }, now),
    findings,
  };
}

function strongestGrade(asked: readonly Asked[]): CompletenessGrade | null {
  const proven = asked.flatMap(({ rule, said }) =>
    rule.kind === 'proof' && said.answer === 'yes' ? [rule.grade] : [],
  );
  return GRADES.find((grade) => proven.includes(grade)) ?? null;
}

/** The soonest proof and then every veto must be over; null as soon as one of them never is. */
function toRecheckAt(
  open: { readonly blocking: readonly Asked[]; readonly missing: readonly Asked[]; readonly proven: boolean },
  now: MonotonicMs,
): MonotonicMs | null {
  const times = open.blocking.map(({ said }) => said.recheckAt);
  if (!open.proven) {
    const proofTimes = open.missing.flatMap(({ said }) => (said.recheckAt === null ? [] : [said.recheckAt]));
    times.push(proofTimes.length === 0 ? null : Math.min(...proofTimes));
  }
  if (times.includes(null)) return null;
  return Math.max(now + LEAST_WAIT_MS, ...times.map((time) => time ?? now));
}
