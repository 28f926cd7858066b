import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { folder } from '../test/folder.ts';
import { no, unknown, yes } from './answer.ts';
import { all, any, not } from './combine.ts';
import { judge } from './judge.ts';
import type { Answer, ProofRule, VetoRule } from './rule.ts';
import { count } from './rules/count.ts';
import { minFiles } from './rules/min-files.ts';
import { nameRule } from './rules/name.ts';
import { quiet } from './rules/quiet.ts';
import { rename } from './rules/rename.ts';

const SAID = { yes: yes('y'), no: no('n', { recheckAt: 50, toFinish: 'Wait.' }), unknown: unknown('u') };
const words = fc.constantFrom('yes', 'no', 'unknown');
const proof = (answer: Answer['answer']): ProofRule => ({
  name: answer,
  kind: 'proof',
  grade: 'marker',
  judge: () => SAID[answer],
});
const said = (rule: ProofRule) => rule.judge(folder(), 0);

describe('all, any and not', () => {
  test('are the logic of three values', () => {
    fc.assert(
      fc.property(words, words, (one, other) => {
        const both = said(all([proof(one), proof(other)])).answer;
        const either = said(any([proof(one), proof(other)])).answer;
        const set = [one, other];
        expect(both).toBe(set.includes('no') ? 'no' : set.includes('unknown') ? 'unknown' : 'yes');
        expect(either).toBe(set.includes('yes') ? 'yes' : set.includes('unknown') ? 'unknown' : 'no');
        // De Morgan.
        expect(said(not(all([proof(one), proof(other)]))).answer).toBe(
          said(any([not(proof(one)), not(proof(other))])).answer,
        );
      }),
    );
  });

  test('nest, and name themselves after their parts', () => {
    const nested = all([any([rename(), quiet({ quietMs: 5 })]), count({ instances: 3 })]);
    expect(nested.name).toBe('all(any(rename, quiet), count)');
    const counted = { dicom: { instances: 3, truncated: 0, example: null, series: [] } };
    expect(judge(folder({}, counted), [nested], 5)).toMatchObject({ finished: true, grade: 'count' });
    expect(judge(folder({}, counted), [nested], 1)).toMatchObject({ finished: false, recheckAt: 101 });
    expect(judge(folder(), [nested], 5).finished).toBe(false);
  });

  test('all waits for the latest of its parts, any for the soonest', () => {
    const parts = [quiet({ quietMs: 1_000 }), quiet({ quietMs: 2_000 })] as const;
    expect(all(parts).judge(folder(), 0).recheckAt).toBe(2_000);
    expect(any(parts).judge(folder(), 0).recheckAt).toBe(1_000);
    expect(all([...parts, rename()]).judge(folder(), 0).recheckAt).toBeNull();
    expect(any([...parts, rename()]).judge(folder(), 0).recheckAt).toBe(1_000);
  });

  test('a veto composed with one that holds always holds always', () => {
    const veto: VetoRule = any([minFiles({ minFiles: 9, againMs: 1 }), nameRule]);
    expect(veto.scope).toBe('always');
  });
});

test('a rule of your own stands beside the others', () => {
  const notTooBig: VetoRule = {
    name: 'notTooBig',
    kind: 'veto',
    scope: 'always',
    judge: ({ listing }) =>
      listing.bytes < 10 ? yes('it is small') : no('it is too big', { toFinish: 'Send it in parts.' }),
  };
  const verdict = judge(folder({ arrival: 'renamed' }), [notTooBig, rename()], 0);
  expect(verdict).toMatchObject({ finished: false, reason: 'it is too big', recheckAt: null });
  expect(verdict.findings[0]).toMatchObject({ rule: 'notTooBig', toFinish: 'Send it in parts.' });
});
