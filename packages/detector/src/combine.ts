import type { MonotonicMs } from '@sendit/model';
import type { FolderFacts } from './facts.ts';
import { strongest } from './grades.ts';
import type { Answer, ProofRule, VetoRule } from './rule.ts';

type Part = ProofRule | VetoRule;

/** A rule that says yes when all parts do; one `no` suffices for no. Its kind is that of the parts, its grade the strongest. */
export function all<R extends Part>(parts: readonly [R, ...R[]], name = toName('all', parts)): R {
  return combine(parts, name, (answers) => {
    const against = answers.filter(({ answer }) => answer === 'no');
    const open = answers.find(({ answer }) => answer === 'unknown');
    const [first] = against;
    if (first !== undefined) return { ...first, recheckAt: latest(against.map(({ recheckAt }) => recheckAt)) };
    return open ?? toProven(answers);
  });
}

/** A rule that says yes when any part does; `no` only when all parts say no. */
export function any<R extends Part>(parts: readonly [R, ...R[]], name = toName('any', parts)): R {
  return combine(parts, name, (answers) => {
    const forIt = answers.filter(({ answer }) => answer === 'yes');
    if (forIt.length > 0) return toProven(forIt);
    const times = answers.flatMap(({ recheckAt }) => (recheckAt === null ? [] : [recheckAt]));
    const recheckAt = times.length === 0 ? null : Math.min(...times);
    const told = answers.find(({ answer }) => answer === 'unknown') ?? answers[0];
    return { ...(told as Answer), recheckAt };
  });
}

/** A rule that says yes when the part says no, and the reverse; `unknown` stays. No time is known at which it would turn. */
export function not<R extends Part>(part: R, name = `not(${part.name})`): R {
  const judge = (folder: FolderFacts, now: MonotonicMs): Answer => {
    const { answer, reason, evidence } = part.judge(folder, now);
    if (answer === 'unknown') return { answer, reason, evidence, recheckAt: null };
    const turned = answer === 'yes' ? 'no' : 'yes';
    return { answer: turned, reason: `not: ${reason}`, evidence, recheckAt: null };
  };
  return { ...part, name, judge };
}

function combine<R extends Part>(
  parts: readonly [R, ...R[]],
  name: string,
  toAnswer: (answers: readonly (Answer & { readonly part: Part })[]) => Answer,
): R {
  const judge = (folder: FolderFacts, now: MonotonicMs): Answer =>
    toAnswer(parts.map((part) => ({ part, ...part.judge(folder, now) })));
  const [first] = parts;
  // A veto that may be waived would be waived with one that may not.
  const scopes = parts.flatMap((part) => (part.kind === 'veto' ? part.scope : []));
  const scope = (['always', 'unproven'] as const).find((one) => scopes.includes(one));
  const always = scope === undefined ? {} : { scope };
  return { ...first, ...always, name, judge };
}

function toProven(answers: readonly (Answer & { readonly part: Part })[]): Answer {
  const { reason, evidence } = answers[0] as Answer;
  const grade = strongest(answers.flatMap(({ grade: own, part }) => own ?? (part.kind === 'proof' ? part.grade : [])));
  return { answer: 'yes', reason, evidence, recheckAt: null, ...(grade === null ? {} : { grade }) };
}

/** Every part must turn: null as soon as one never does. */
function latest(times: readonly (MonotonicMs | null)[]): MonotonicMs | null {
  return times.includes(null) ? null : Math.max(...times.map((time) => time ?? 0));
}

function toName(word: string, parts: readonly Part[]): string {
  return `${word}(${parts.map(({ name }) => name).join(', ')})`;
}
