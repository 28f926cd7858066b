import { toErrorName, toThrownText } from '@sendit/model';
import { type ProfileOptions, toAlways, toDeadline } from './profile.ts';
import type { Answer, Rule } from './rule.ts';

/** Rules of one's own: a list, or a function that makes one from the settings of a watch path. */
export type OwnRules = readonly Rule[] | ((options: ProfileOptions) => readonly Rule[]);

/** Gives rules of one's own their type; returns them as they are. */
export function defineRules(rules: OwnRules): OwnRules {
  return rules;
}

/** The rules to judge by, or a sentence that says why the value holds none. */
export type ToRulesResult =
  | { readonly kind: 'rules'; readonly rules: readonly Rule[] }
  | { readonly kind: 'problem'; readonly message: string };

const KINDS: ReadonlySet<unknown> = new Set(['proof', 'veto', 'grade', 'deadline']);
const ANSWERS: ReadonlySet<unknown> = new Set(['yes', 'no', 'unknown']);

/**
 * Rules of one's own, made safe: what every profile forbids stays forbidden unless a rule of the same name says otherwise, a deadline is
 * added where there is none, and a rule that throws proves nothing and lets nothing through.
 */
export function toOwnRules(value: unknown, options: ProfileOptions = {}): ToRulesResult {
  let made: unknown;
  try {
    made = typeof value === 'function' ? Reflect.apply(value, undefined, [options]) : value;
  } catch (thrown) {
    return { kind: 'problem', message: `expected a function that returns rules, but it threw ${toThrownText(thrown)}` };
  }
  if (!Array.isArray(made))
    return { kind: 'problem', message: 'expected a list of rules, or a function that returns one' };
  const wrong = made.findIndex((one) => !isRule(one));
  if (wrong !== -1) {
    const message = `expected rules with a name, a kind (proof, veto, grade, deadline) and judge(); number ${wrong + 1} of the list is none`;
    return { kind: 'problem', message };
  }
  const own = (made as readonly Rule[]).map(guard);
  const names = new Set(own.map(({ name }) => name));
  const always = toAlways(options).filter(({ name }) => !names.has(name));
  const deadlines = own.some(({ kind }) => kind === 'deadline') ? [] : toDeadline(options);
  return { kind: 'rules', rules: [...always, ...own, ...deadlines] };
}

function isRule(value: unknown): value is Rule {
  if (typeof value !== 'object' || value === null) return false;
  const { judge, kind, name } = value as Partial<Record<keyof Rule, unknown>>;
  return typeof name === 'string' && name !== '' && KINDS.has(kind) && typeof judge === 'function';
}

/** The same rule, whose failure is an answer: `no` of a veto, so that nothing goes through, else `unknown`. */
function guard(rule: Rule): Rule {
  const judge: Rule['judge'] = (folder, now) => {
    try {
      const answer = rule.judge(folder, now);
      if (ANSWERS.has(answer.answer)) return answer;
      return toFailed(rule, 'gave no answer', {});
    } catch (thrown) {
      return toFailed(rule, `threw ${toErrorName(thrown)}`, { error: toThrownText(thrown) });
    }
  };
  // Above the rule itself, so that one of a class keeps what its prototype has.
  return Object.create(rule, { judge: { value: judge } }) as Rule;
}

function toFailed({ kind, name }: Rule, what: string, evidence: Answer['evidence']): Answer {
  return {
    answer: kind === 'veto' ? 'no' : 'unknown',
    reason: `the rule ${name} ${what}`,
    evidence,
    recheckAt: null,
    toFinish: 'Mend the rule, then restart the watcher; or release it as it is.',
  };
}
