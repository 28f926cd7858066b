import { expect, test } from 'vitest';
import { folder, LISTING } from '../test/folder.ts';
import { no, yes } from './answer.ts';
import { judge } from './judge.ts';
import { defineRules, toOwnRules } from './own-rules.ts';
import type { Rule } from './rule.ts';
import { nameRule } from './rules/name.ts';

const done: Rule = { name: 'mine', kind: 'proof', grade: 'marker', judge: () => yes('it is done') };

function rulesOf(value: unknown): readonly Rule[] {
  const made = toOwnRules(value, { quietMs: 5_000 });
  if (made.kind === 'problem') throw new Error(made.message);
  return made.rules;
}

test('rules are a list, or made of the settings of the watch path', () => {
  expect(judge(folder(), rulesOf([done]), 0)).toMatchObject({ finished: true, grade: 'marker', reason: 'it is done' });
  const made = defineRules(({ quietMs }) => [{ ...done, name: `mine${quietMs}` }]);
  expect(rulesOf(made).map(({ name }) => name)).toContain('mine5000');
});

test('what every profile forbids stays forbidden, unless a rule of that name says otherwise', () => {
  expect(judge(folder({ name: 'scan.tmp' }), rulesOf([done]), 0).finished).toBe(false);
  const exceeds = { limit: 'files', allowed: 1 } as const;
  expect(judge(folder({}, { ...LISTING, exceeds }), rulesOf([done]), 0).outcome).toBe('hold');
  const free: Rule = { name: nameRule.name, kind: 'veto', scope: 'always', judge: () => yes('any name will do') };
  expect(judge(folder({ name: 'scan.tmp' }), rulesOf([done, free]), 0).finished).toBe(true);
});

test('what nothing proves waits no longer than the deadline of the watch path, or its own', () => {
  expect(judge(folder(), rulesOf([]), 7 * 3_600_000).outcome).toBe('hold');
  const late: Rule = { name: 'soon', kind: 'deadline', action: 'quarantine', judge: () => yes('it has waited') };
  expect(judge(folder(), rulesOf([late]), 1).outcome).toBe('quarantine');
});

test('a rule that throws, or gives no answer, lets nothing through and is told with its line', () => {
  const throwing = (): never => {
    throw new TypeError('no such field');
  };
  const veto: Rule = { name: 'broken', kind: 'veto', scope: 'always', judge: throwing };
  const verdict = judge(folder(), rulesOf([done, veto]), 0);
  expect(verdict).toMatchObject({ finished: false, reason: 'the rule broken threw TypeError' });
  expect(verdict.findings.find(({ rule }) => rule === 'broken')?.evidence['error']).toMatch(
    /^no such field \(.*own-rules\.test\.ts:\d+:\d+\)$/,
  );
  expect(judge(folder(), rulesOf([{ ...done, judge: throwing }]), 0).finished).toBe(false);
  expect(judge(folder(), rulesOf([{ ...done, judge: () => ({}) as never }]), 0).finished).toBe(false);
});

test('a class instance keeps its methods', () => {
  class Strict {
    readonly kind = 'veto';
    readonly scope = 'always';
    get name(): string {
      return 'strict';
    }
    judge() {
      return no(`${this.name} says no`, { toFinish: 'Nothing helps.' });
    }
  }
  expect(judge(folder(), rulesOf([done, new Strict()]), 0)).toMatchObject({
    finished: false,
    reason: 'strict says no',
  });
});

test.each([
  ['nothing', undefined, /expected a list of rules/],
  ['a rule alone', done, /expected a list of rules/],
  ['a rule without a judge', [{ name: 'x', kind: 'veto' }], /number 1 of the list is none/],
  ['a rule of no kind', [done, { ...done, kind: 'maybe' }], /number 2 of the list is none/],
  [
    'a function that throws',
    () => {
      throw new Error('not today');
    },
    /it threw not today/,
  ],
])('%s is a problem', (_, value, message) => {
  expect(toOwnRules(value)).toMatchObject({ kind: 'problem', message: expect.stringMatching(message) });
});
