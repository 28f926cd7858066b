import { describe, expect, test } from 'vitest';
import { folder } from '../../test/folder.ts';
import { judge } from '../judge.ts';
import { deadline } from './deadline.ts';
import { marker } from './marker.ts';
import { minFiles } from './min-files.ts';
import { noOpenWriter } from './no-open-writer.ts';
import { quiet } from './quiet.ts';
import { rename } from './rename.ts';
import { siblingsArriving } from './siblings-arriving.ts';
import { stableSnapshot } from './stable-snapshot.ts';

describe('noOpenWriter', () => {
  const rule = noOpenWriter({ againMs: 500 });
  const open = { writers: { kind: 'open', files: 2, pids: [41, 42], example: 'a.dcm' } } as const;

  test('names the processes that have a file open, and is asked again', () => {
    expect(rule.judge(folder({}, open), 1_000)).toMatchObject({
      answer: 'no',
      evidence: { files: 2, pids: '41, 42', example: 'a.dcm' },
      recheckAt: 1_500,
    });
  });

  test('says so where only events tell of a writer', () => {
    expect(rule.judge(folder({}, { writers: { ...open.writers, pids: [] } }), 1_000)).toMatchObject({
      answer: 'no',
      reason: 'a file in it was written and not closed since',
      evidence: { files: 2, example: 'a.dcm' },
      recheckAt: 1_500,
    });
  });

  test('what cannot be seen never blocks', () => {
    const unseen = folder({ arrival: 'renamed' }, { writers: { kind: 'none', complete: false } });
    expect(rule.judge(unseen, 0).answer).toBe('unknown');
    expect(judge(unseen, [rule, rename()], 0).finished).toBe(true);
    expect(rule.judge(folder(), 0).answer).toBe('unknown');
    expect(rule.judge(folder({}, { writers: { kind: 'none', complete: true } }), 0).answer).toBe('yes');
  });

  test('forbids what only quiet proves, and is asked again', () => {
    expect(judge(folder({}, open), [rule, quiet({ quietMs: 0 })], 0)).toMatchObject({
      finished: false,
      reason: 'a process still has a file in it open for writing',
      recheckAt: 500,
    });
  });
});

describe('siblingsArriving', () => {
  const rules = [siblingsArriving({ againMs: 1_000 }), quiet({ quietMs: 0 }), rename()];
  const arriving = { siblings: { arriving: 1, example: 'series3.tmp' } };
  const series = { siblings: { arriving: 1, example: '1.2.3', what: 'series' } } as const;

  test('holds up what is only quiet, not what was renamed', () => {
    expect(judge(folder({}, arriving), rules, 5)).toMatchObject({ finished: false, recheckAt: 1_005 });
    expect(judge(folder({}, series), rules, 5)).toMatchObject({ finished: false, recheckAt: 1_005 });
    expect(judge(folder({ arrival: 'renamed' }, arriving), rules, 5).finished).toBe(true);
    expect(judge(folder({}, { siblings: { arriving: 0, example: null } }), rules, 5).finished).toBe(true);
    expect(judge(folder(), rules, 5).finished).toBe(true);
  });
});

describe('an open writer', () => {
  const writers = { kind: 'open', files: 1, pids: [7], example: 'a' } as const;
  const rules = [noOpenWriter({ againMs: 1_000 }), quiet({ quietMs: 0 }), rename(), marker];
  const proceed = [...rules.slice(0, 1), rename(), deadline({ maxWaitMs: 1, action: 'proceed' })];
  const reason = 'a process still has a file in it open for writing';

  test('forbids what only quiet or the deadline proves; beside a rename or a done-file it is a doubt', () => {
    expect(judge(folder({}, { writers }), rules, 5)).toMatchObject({ finished: false, reason, doubts: [] });
    expect(judge(folder({}, { writers }), proceed, 5)).toMatchObject({ finished: false, outcome: 'hold', doubts: [] });
    const marked = { writers, marker: { kind: 'found', name: '.done', isOlder: false } } as const;
    for (const proven of [folder({ arrival: 'renamed' }, { writers }), folder({}, marked)])
      expect(judge(proven, rules, 5)).toMatchObject({ finished: true, doubts: [reason] });
    expect(judge(folder({ arrival: 'renamed' }), rules, 5).doubts).toEqual([]);
  });
});

describe('minFiles', () => {
  test('says how many it wants', () => {
    const rule = minFiles({ minFiles: 5, againMs: 100 });
    expect(rule.judge(folder(), 7)).toMatchObject({
      answer: 'no',
      reason: 'it has fewer than 5 files',
      recheckAt: 107,
    });
    expect(rule.judge(folder({}, { files: 5 }), 7)).toMatchObject({ answer: 'yes' });
  });
});

describe('stableSnapshot', () => {
  test('wants a look that was taken late enough after the last change', () => {
    const rule = stableSnapshot({ gapMs: 100 });
    expect(rule.judge(folder({ lastChangeAt: 50, observedAt: 149 }), 900)).toMatchObject({
      answer: 'no',
      evidence: { gapMs: 100, unchangedMs: 99 },
      recheckAt: 900,
    });
    expect(rule.judge(folder({ lastChangeAt: 50, observedAt: 150 }), 900)).toMatchObject({ answer: 'yes' });
  });
});
