import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type FolderFacts, type FolderListing, observe, touch } from './facts.ts';
import { judge } from './judge.ts';
import { isFinishedName } from './name-rule.ts';
import { profile } from './profile.ts';

const LISTING: FolderListing = {
  exists: true,
  isDirectory: true,
  files: 3,
  bytes: 30,
  manifestDigest: 'm',
  snapshotDigest: 's',
  newestCtimeMs: 1,
  unreadable: 0,
  problemCodes: [],
};

const RULES = profile('safe', { quietMs: 5_000 });

function folder(over: Partial<FolderFacts> = {}, listing: Partial<FolderListing> = {}): FolderFacts {
  const facts = { name: 'scan', arrival: 'created', lastChangeAt: 0, observedAt: 0 } as const;
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
  test('a renamed directory is finished at once, even when empty', () => {
    const verdict = judge(folder({ arrival: 'renamed' }, { files: 0 }), RULES, 0);
    expect(verdict).toMatchObject({
      finished: true,
      grade: 'renamed',
      reason: 'it arrived by rename',
      recheckAt: null,
    });
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
    const legacy = profile('legacy');
    expect(judge(folder({ observedAt: 1e9 }), legacy, 1e9)).toMatchObject({ finished: false, recheckAt: null });
    expect(judge(folder({ arrival: 'renamed' }), legacy, 0)).toMatchObject({ finished: true });
  });

  test('every rule is answered for in the findings, in order', () => {
    const { findings } = judge(folder(), RULES, 0);
    expect(findings.map(({ rule, answer }) => `${rule} ${answer}`)).toEqual([
      'name yes',
      'readable yes',
      'minFiles yes',
      'quiet no',
      'stableSnapshot no',
      'rename no',
    ]);
  });

  test('a quiet time that is no number is a programmer’s mistake', () => {
    expect(() => profile('safe', { quietMs: -1 })).toThrow(
      new TypeError('Expected `quietMs` to be a number of at least 0, got `-1`'),
    );
    expect(() => profile('safe', { minFiles: Number.NaN })).toThrow(TypeError);
  });
});

const quietTimes = fc.integer({ min: 0, max: 60_000 });
const times = fc.double({ min: 0, max: 1e9, noNaN: true });
const arrivals = fc.constantFrom('renamed', 'created', 'found');
/** A few distinct states of a folder, so that histories repeat themselves. */
const listings = fc
  .record({ files: fc.integer({ min: 0, max: 3 }), content: fc.constantFrom('a', 'b', 'c') })
  .map(({ files, content }): FolderListing => ({ ...LISTING, files, snapshotDigest: `${files}${content}` }));
const histories = fc
  .array(fc.tuple(times, listings), { minLength: 1, maxLength: 20 })
  .map((looks) => looks.sort(([a], [b]) => a - b));

function replay(history: readonly (readonly [number, FolderListing])[], arrival: FolderFacts['arrival']): FolderFacts {
  const [first, ...rest] = history;
  if (first === undefined) throw new TypeError('Expected at least one look');
  return rest.reduce(
    (facts, [at, listing]) => observe(facts, listing, at),
    observe({ name: 'scan', arrival }, first[1], first[0]),
  );
}

describe('laws', () => {
  test('waiting until recheckAt with no change is always enough for a folder with files', () => {
    fc.assert(
      fc.property(histories, arrivals, quietTimes, fc.nat(100_000), (history, arrival, quietMs, later) => {
        const rules = profile('safe', { quietMs });
        const facts = replay(history, arrival);
        const now = facts.observedAt + later;
        const { finished, recheckAt } = judge(facts, rules, now);
        fc.pre(!finished && facts.listing.files > 0);
        expect(recheckAt).not.toBeNull();
        const at = recheckAt ?? 0;
        expect(judge(observe(facts, facts.listing, at), rules, at).finished).toBe(true);
      }),
    );
  });

  test('recheckAt is never a busy loop, and an empty folder has one', () => {
    fc.assert(
      fc.property(histories, arrivals, quietTimes, (history, arrival, quietMs) => {
        const facts = replay(history, arrival);
        const { finished, recheckAt } = judge(facts, profile('safe', { quietMs }), facts.observedAt);
        fc.pre(!finished);
        expect(recheckAt).toBeGreaterThanOrEqual(facts.observedAt + 100);
      }),
    );
  });

  test('without a rename nothing is finished while its last change is younger than quietMs', () => {
    fc.assert(
      fc.property(
        histories,
        fc.constantFrom('created', 'found'),
        quietTimes,
        fc.nat(100_000),
        (history, arrival, quietMs, later) => {
          const facts = replay(history, arrival);
          const now = facts.observedAt + later;
          fc.pre(now < facts.lastChangeAt + quietMs);
          expect(judge(facts, profile('safe', { quietMs }), now).finished).toBe(false);
        },
      ),
    );
  });

  test('change events may come in any order and any number of times', () => {
    const touches = fc.array(times, { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(histories, touches, fc.array(fc.nat(9)), (history, ats, repeated) => {
        const facts = replay(history, 'created');
        const again = [...ats, ...repeated.map((index) => ats[index % ats.length] ?? 0)].reverse();
        expect(again.reduce(touch, facts)).toEqual(ats.reduce(touch, facts));
      }),
    );
  });

  test('a repeated look at the same time, or a late one, changes nothing', () => {
    fc.assert(
      fc.property(histories, times, listings, (history, at, listing) => {
        const facts = replay(history, 'created');
        expect(observe(facts, facts.listing, facts.observedAt)).toEqual(facts);
        const late = Math.min(at, facts.observedAt - 1);
        expect(observe(facts, listing, late)).toEqual(facts);
      }),
    );
  });
});
