import { describe, expect, test } from 'vitest';
import { LISTING } from '../test/folder.ts';
import { type FolderFacts, type FolderListing, observe } from './facts.ts';
import { judge } from './judge.ts';
import { isFinishedName } from './rules/name.ts';
import { profile } from './profile.ts';

/** The deadline has tests of its own. */
const RULES = profile('safe', { quietMs: 5_000, maxWaitMs: false });

function folder(over: Partial<FolderFacts> = {}, listing: Partial<FolderListing> = {}): FolderFacts {
  const facts = { name: 'scan', arrival: 'created', firstSeenAt: 0, lastChangeAt: 0, observedAt: 0 } as const;
  return { ...facts, ...over, listing: { ...LISTING, ...listing } };
}

describe('the name rule', () => {
  test.each(['scan.tmp', 'scan.tmp1234', 'UP.TMP', '.tmp', '.tmp123', 'a.b.Tmp_x', 'x.tmp~'])(
    '%s is not final',
    (name) => {
      expect(isFinishedName(name)).toBe(false);
      const verdict = judge(folder({ name, arrival: 'renamed' }), RULES, 1e9);
      expect(verdict).toMatchObject({ finished: false, reason: 'its name ends in .tmp*', recheckAt: null });
    },
  );

  test.each(['scan', 'tmp', 'scan_tmp', 'scan.tmp.done', 'scan.tm', 'a.b'])('%s is final', (name) => {
    expect(isFinishedName(name)).toBe(true);
  });

  test('a file, a link or nothing at all is never finished', () => {
    expect(judge(folder({ arrival: 'renamed' }, { isDirectory: false }), RULES, 0).reason).toBe(
      'it is not a directory',
    );
    expect(judge(folder({ arrival: 'renamed' }, { exists: false }), RULES, 0).reason).toBe('it is gone');
  });
});

describe('judge', () => {
  test('a renamed directory is finished at once', () => {
    const verdict = judge(folder({ arrival: 'renamed' }, { files: 1 }), RULES, 0);
    expect(verdict).toMatchObject({
      finished: true,
      grade: 'renamed',
      reason: 'it arrived by rename',
      recheckAt: null,
    });
  });

  test('one that was renamed while it was empty waits as if it had been created under its name', () => {
    const empty = folder({ arrival: 'renamed', renamedFiles: 0 }, { files: 0 });
    expect(judge(empty, RULES, 0)).toMatchObject({ finished: false, reason: 'it has no file' });
    const filled = observe(empty, folder().listing, 1_000);
    expect(judge(filled, RULES, 1_000)).toMatchObject({ finished: false, reason: 'not yet quiet for 5 s' });
    const quiet = observe(filled, folder().listing, 6_000);
    expect(judge(quiet, RULES, 6_000)).toMatchObject({ finished: true, grade: 'quiet' });
  });

  test('a directory created under its final name waits to be quiet', () => {
    const created = folder();
    expect(judge(created, RULES, 0)).toMatchObject({
      finished: false,
      reason: 'not yet quiet for 5 s',
      recheckAt: 5_000,
    });
    const seenAgain = observe(created, created.listing, 5_000);
    expect(judge(seenAgain, RULES, 5_000)).toMatchObject({ finished: true, grade: 'quiet' });
  });

  test('quiet alone, without a second look, is not enough', () => {
    const verdict = judge(folder(), RULES, 60_000);
    expect(verdict).toMatchObject({ finished: false, reason: 'no two equal looks 5 s apart yet' });
    expect(verdict.recheckAt).toBeGreaterThan(60_000);
  });

  test('an empty directory is asked again after quietMs, not sooner', () => {
    const verdict = judge(folder({ observedAt: 9_000 }, { files: 0 }), RULES, 9_000);
    expect(verdict).toMatchObject({ finished: false, reason: 'it has no file', recheckAt: 14_000 });
  });

  test('what cannot be read is not finished, not even by a rename', () => {
    const locked = folder({ arrival: 'renamed' }, { unreadable: 1, problemCodes: ['EACCES'] });
    expect(judge(locked, RULES, 0)).toMatchObject({
      finished: false,
      reason: 'it cannot be read: EACCES',
      recheckAt: 5_000,
    });
    const unseen = folder({ arrival: 'renamed' }, { isDirectory: false, unreadable: 1, problemCodes: ['EACCES'] });
    expect(judge(unseen, RULES, 0).reason).toBe('it cannot be read: EACCES');
  });

  test('legacy takes a rename and nothing else', () => {
    const legacy = profile('legacy', { maxWaitMs: false });
    expect(judge(folder({ observedAt: 1e9 }), legacy, 1e9)).toMatchObject({ finished: false, recheckAt: null });
    expect(judge(folder({ arrival: 'renamed' }), legacy, 0)).toMatchObject({ finished: true });
  });

  test('every rule is answered for in the findings, in order', () => {
    const { findings } = judge(folder(), RULES, 0);
    expect(findings.map(({ rule, answer }) => `${rule} ${answer}`)).toEqual([
      'name yes',
      'withinLimits yes',
      'readable yes',
      'noOpenWriter unknown',
      'siblingsArriving unknown',
      'minFiles yes',
      'quiet no',
      'stableSnapshot no',
      'rename no',
      'marker unknown',
      'count unknown',
      'manifest unknown',
      'wholeFile unknown',
      'gapHint unknown',
      'dicomCounts unknown',
    ]);
  });

  test('a quiet time that is no number is a programmer’s mistake', () => {
    expect(() => profile('safe', { quietMs: -1 })).toThrow(
      new TypeError('Expected `quietMs` to be a number of at least 0, got `-1`'),
    );
    expect(() => profile('safe', { minFiles: Number.NaN })).toThrow(TypeError);
  });
});
