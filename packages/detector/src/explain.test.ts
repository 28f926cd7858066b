import { expect, test } from 'vitest';
import { folder } from '../test/folder.ts';
import { explain } from './explain.ts';
import { profile } from './profile.ts';

const rules = profile('safe', { quietMs: 5_000 });
const path = '/data/scan';

test('says what would make it finish: vetoes first, then the proof that waiting brings', () => {
  const facts = folder({}, { files: 0, writers: { kind: 'open', files: 1, pids: [42], example: 'a.dcm' } });
  const told = explain({ path, facts, rules, now: 1_000 });
  expect(told).toMatchObject({ path, finished: false, outcome: 'waiting', recheckAt: 6_000 });
  expect(told.toFinish).toEqual([
    'Wait until the sender closes its files, or end the process that keeps them open.',
    'Put files into it, or delete it.',
    'Leave it unchanged; it is looked at again 5 s after its last change.',
    'Leave it unchanged for 5 s.',
    'Rename it to a name ending in .tmp and back when everything is in it.',
  ]);
  expect(told.findings.find(({ rule }) => rule === 'noOpenWriter')).toMatchObject({ evidence: { pids: '42' } });
});

test('has nothing to ask for what is finished', () => {
  const told = explain({ path, facts: folder({ arrival: 'renamed' }), rules, now: 1_000 });
  expect(told).toMatchObject({ finished: true, grade: 'renamed', toFinish: [], recheckAt: null });
  expect(told.findings).toHaveLength(rules.length);
});

test('of a name that is not final advises the rename alone, which does finish it', () => {
  const unfinished = folder({ name: 'scan.tmp1', arrival: 'created' });
  expect(explain({ path, facts: unfinished, rules, now: 1_000 }).toFinish).toEqual([
    'Rename it to its final name when everything is in it.',
  ]);
  const followed = folder({ name: 'scan', arrival: 'renamed' });
  expect(explain({ path, facts: followed, rules, now: 1_000 }).finished).toBe(true);
  // Where a rename proves nothing, the proof that is asked for is said too.
  const unproved = rules.filter(({ name }) => name !== 'rename');
  expect(explain({ path, facts: unfinished, rules: unproved, now: 1_000 }).toFinish).toContain(
    'Leave it unchanged for 5 s.',
  );
  // An empty one is not finished by it.
  const empty = explain({ path, facts: folder({ name: 'scan.tmp1' }, { files: 0 }), rules, now: 1_000 });
  expect(empty.toFinish).toContain('Put files into it, or delete it.');
});
