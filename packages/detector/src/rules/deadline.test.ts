import { expect, test } from 'vitest';
import { folder } from '../../test/folder.ts';
import { judge } from '../judge.ts';
import { profile } from '../profile.ts';

const rules = (onDeadline: 'hold' | 'proceed' | 'quarantine') => profile('legacy', { maxWaitMs: 10_000, onDeadline });

test('before it nothing is different, and it is when to look again', () => {
  expect(judge(folder(), rules('hold'), 4_000)).toMatchObject({ outcome: 'waiting', recheckAt: 10_000 });
});

test.each([
  ['hold', { finished: false, outcome: 'hold', reason: 'it did not arrive by rename' }],
  ['quarantine', { finished: false, outcome: 'quarantine', recheckAt: null }],
  ['proceed', { finished: true, outcome: 'finished', grade: 'incomplete', reason: 'it waited longer than 10 s' }],
] as const)('after it: %s', (action, verdict) => {
  expect(judge(folder(), rules(action), 10_000)).toMatchObject(verdict);
});

test('what is finished is so after the deadline too', () => {
  for (const action of ['hold', 'quarantine', 'proceed'] as const) {
    expect(judge(folder({ arrival: 'renamed' }), rules(action), 20_000)).toMatchObject({
      finished: true,
      grade: 'renamed',
    });
  }
});

test('what holds always is held, not taken: an open file, an unfinished name, what cannot be read', () => {
  const open = { writers: { kind: 'open', files: 1, pids: [1], example: 'a' } } as const;
  expect(judge(folder({}, open), rules('proceed'), 20_000)).toMatchObject({ finished: false, outcome: 'hold' });
  expect(judge(folder({ name: 'scan.tmp' }), rules('proceed'), 20_000).outcome).toBe('hold');
});

test('a held folder is asked again as before', () => {
  const held = profile('safe', { quietMs: 5_000, maxWaitMs: 1_000 });
  expect(judge(folder({ lastChangeAt: 100 }), held, 2_000)).toMatchObject({ outcome: 'hold', recheckAt: 5_100 });
});
