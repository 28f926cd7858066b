import { describe, expect, test } from 'vitest';
import { folder, LISTING } from '../../test/folder.ts';
import { observe } from '../facts.ts';
import { judge } from '../judge.ts';
import { PROFILE_NAMES, profile } from '../profile.ts';
import { rename } from './rename.ts';

const EMPTY = { ...LISTING, files: 0, snapshotDigest: 'empty' };
const renamed = { name: 'scan', arrival: 'renamed' } as const;

describe('rename', () => {
  test.each([
    ['found', 3, 1, 'no', 'it did not arrive by rename'],
    ['created', 3, 1, 'no', 'it did not arrive by rename'],
    ['renamed', 0, 1, 'no', 'it was renamed while it had no file'],
    ['renamed', 2, 3, 'no', 'it was renamed while it had too few files'],
    ['renamed', 3, 3, 'yes', 'it arrived by rename'],
    ['renamed', 0, 0, 'yes', 'it arrived by rename'],
  ] as const)('%s with %i files, of %i wanted: %s', (arrival, renamedFiles, minFiles, answer, reason) => {
    const facts = folder({ arrival, renamedFiles });
    expect(rename({ minFiles }).judge(facts, 0)).toMatchObject({ answer, reason });
  });

  test.each(PROFILE_NAMES)('of an empty directory proves nothing by %s, however it is filled afterwards', (name) => {
    const rules = profile(name, { quietMs: 1_000 });
    const filled = observe(observe(renamed, EMPTY, 0), LISTING, 10);
    expect(judge(filled, rules, 10)).toMatchObject({ finished: false, grade: null });
  });

  test('of files that went away before they were sealed proves nothing', () => {
    const emptied = observe(observe(renamed, LISTING, 0), EMPTY, 10);
    expect(rename().judge(emptied, 10)).toMatchObject({
      answer: 'no',
      reason: 'it was renamed with files that are not in it any more',
    });
  });

  test('counts by what the look says was there, not by what it found', () => {
    const late = observe(renamed, { ...LISTING, renamedFiles: 0 }, 0);
    expect(rename().judge(late, 0).answer).toBe('no');
  });

  test('counts at the first look that could read the folder', () => {
    const refused = observe(renamed, { ...EMPTY, unreadable: 1, renamedFiles: 0 }, 0);
    expect(rename().judge(observe(refused, { ...LISTING, renamedFiles: 3 }, 10), 10).answer).toBe('yes');
  });

  test('of units is counted at every look: each file knows how it came', () => {
    const unit = observe({ name: 'series/1', arrival: 'found' }, { ...EMPTY, arrival: 'found', renamedFiles: 0 }, 0);
    const brought = observe(unit, { ...LISTING, arrival: 'renamed', renamedFiles: 3 }, 10);
    expect(rename().judge(brought, 10).answer).toBe('yes');
  });

  test('that is remembered proves what was counted then', () => {
    const after = observe({ ...renamed, renamedFiles: 0 }, LISTING, 0);
    expect(rename().judge(after, 0).answer).toBe('no');
  });
});
