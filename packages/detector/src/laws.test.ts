import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LISTING } from '../test/folder.ts';
import type { FolderFacts, FolderListing, WritersSighting } from './facts.ts';
import { observe, touch } from './facts.ts';
import { judge } from './judge.ts';
import { DEFAULT_MAX_WAIT_MS, PROFILE_NAMES, profile } from './profile.ts';
import { advance, type RecordedStep, replay } from './replay.ts';
import { DEADLINE_ACTIONS } from './rule.ts';

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
const writers = fc.constantFrom<(WritersSighting | undefined)[]>(
  undefined,
  { kind: 'none', complete: true },
  { kind: 'none', complete: false },
  { kind: 'open', files: 1, pids: [7], example: 'a.dcm' },
);
/** Any look at all: also empty, unreadable, open, still arriving, with and without what proves it. */
const anyListing = fc
  .record({
    files: fc.integer({ min: 0, max: 3 }),
    content: fc.constantFrom('a', 'b'),
    unreadable: fc.constantFrom(0, 0, 1),
    isDirectory: fc.constantFrom(true, true, true, false),
    arriving: fc.constantFrom(undefined, 0, 1),
    writers,
    marker: fc.constantFrom(undefined, true, false),
    instances: fc.constantFrom(undefined, 2, 3),
    expected: fc.constantFrom(undefined, 3),
    missing: fc.constantFrom(undefined, 0, 1),
  })
  .map(
    ({ content, arriving, writers: open, marker, instances, expected, missing, ...rest }): FolderListing => ({
      ...LISTING,
      ...rest,
      snapshotDigest: `${rest.files}${content}${rest.unreadable}`,
      problemCodes: rest.unreadable === 0 ? [] : ['EACCES'],
      ...(arriving === undefined ? {} : { siblings: { arriving, example: null } }),
      ...(open === undefined ? {} : { writers: open }),
      ...(marker === undefined ? {} : { marker: { kind: 'found', name: '.done', isOlder: marker } }),
      ...(instances === undefined ? {} : { dicom: { instances, truncated: 0, example: null, series: [] } }),
      ...(expected === undefined ? {} : { expected: { instances: expected, source: 'sidecar' } }),
      ...(missing === undefined
        ? {}
        : {
            manifest: {
              kind: 'compared',
              name: 'm',
              listed: 3,
              missing,
              wrongSize: 0,
              wrongDigest: 0,
              unlisted: 0,
              example: null,
            },
          }),
    }),
  );
const steps = fc
  .array(
    fc.oneof(
      fc.record({ kind: fc.constant('look' as const), at: times, listing: anyListing }),
      fc.record({ kind: fc.constant('change' as const), at: times }),
    ),
    { minLength: 1, maxLength: 20 },
  )
  .map((list): readonly RecordedStep[] => list.sort((one, other) => one.at - other.at));
const options = fc.record({
  quietMs: quietTimes,
  minFiles: fc.integer({ min: 0, max: 3 }),
  maxWaitMs: fc.integer({ min: 0, max: 10_000_000 }),
  onDeadline: fc.constantFrom(...DEADLINE_ACTIONS),
});
const profiles = fc.constantFrom(...PROFILE_NAMES);

function advanceAll(recording: readonly RecordedStep[], arrival: FolderFacts['arrival']): FolderFacts {
  const facts = recording.reduce<ReturnType<typeof advance>>(advance, { name: 'scan', arrival });
  fc.pre('listing' in facts);
  return facts as FolderFacts;
}

function observeAll(
  history: readonly (readonly [number, FolderListing])[],
  arrival: FolderFacts['arrival'],
): FolderFacts {
  const [first, ...rest] = history;
  if (first === undefined) throw new TypeError('Expected at least one look');
  return rest.reduce(
    (facts, [at, listing]) => observe(facts, listing, at),
    observe({ name: 'scan', arrival }, first[1], first[0]),
  );
}

describe('waiting', () => {
  test('until recheckAt with no change is always enough for a folder with files', () => {
    fc.assert(
      fc.property(histories, arrivals, quietTimes, fc.nat(100_000), (history, arrival, quietMs, later) => {
        const rules = profile('safe', { quietMs, maxWaitMs: false });
        const facts = observeAll(history, arrival);
        const now = facts.observedAt + later;
        const { finished, recheckAt } = judge(facts, rules, now);
        fc.pre(!finished && facts.listing.files > 0);
        expect(recheckAt).not.toBeNull();
        const at = recheckAt ?? 0;
        expect(judge(observe(facts, facts.listing, at), rules, at).finished).toBe(true);
      }),
    );
  });

  test('is never a busy loop, whatever the rules and the facts', () => {
    fc.assert(
      fc.property(profiles, options, steps, fc.nat(1e7), (name, set, recording, later) => {
        const facts = advanceAll(recording, 'created');
        const now = Math.max(facts.observedAt, facts.lastChangeAt) + later;
        const { recheckAt } = judge(facts, profile(name, set), now);
        expect(recheckAt ?? Infinity).toBeGreaterThanOrEqual(now + 100);
      }),
    );
  });

  test('has an end: at the deadline every folder that is there is finished, held or quarantined', () => {
    fc.assert(
      fc.property(profiles, options, steps, arrivals, (name, set, recording, arrival) => {
        let facts = advanceAll(recording, arrival);
        const rules = profile(name, set);
        const deadlineAt = facts.firstSeenAt + set.maxWaitMs;
        let now = Math.max(facts.observedAt, facts.lastChangeAt);
        for (;;) {
          const { outcome, recheckAt } = judge(facts, rules, now);
          if (outcome !== 'waiting') break;
          expect(now).toBeLessThan(deadlineAt);
          expect(recheckAt).not.toBeNull();
          expect(recheckAt).toBeLessThanOrEqual(Math.max(deadlineAt, now + 100));
          // Not a step per 100 ms: the law holds for each of them.
          now = Math.max(recheckAt ?? 0, now + set.maxWaitMs / 50);
          facts = observe(facts, facts.listing, now);
        }
      }),
    );
  });

  test('has an end by default', () => {
    const facts = observe({ name: 'scan', arrival: 'created' }, { ...LISTING, files: 0 }, 0);
    const rules = profile('safe');
    expect(judge(facts, rules, DEFAULT_MAX_WAIT_MS - 1).outcome).toBe('waiting');
    expect(judge(facts, rules, DEFAULT_MAX_WAIT_MS)).toMatchObject({ outcome: 'hold', reason: 'it has no file' });
  });
});

describe('quiet', () => {
  test('without another proof nothing is finished while its last change is younger than quietMs', () => {
    fc.assert(
      fc.property(
        histories,
        fc.constantFrom('created', 'found'),
        quietTimes,
        fc.nat(100_000),
        (history, arrival, quietMs, later) => {
          const facts = observeAll(history, arrival);
          const now = facts.observedAt + later;
          fc.pre(now < facts.lastChangeAt + quietMs);
          expect(judge(facts, profile('safe', { quietMs, maxWaitMs: false }), now).finished).toBe(false);
        },
      ),
    );
  });

  test('an open file forbids what quiet or the deadline proves, and is a doubt beside anything else', () => {
    fc.assert(
      fc.property(profiles, options, steps, fc.nat(1e7), (name, set, recording, later) => {
        const facts = advanceAll(recording, 'renamed');
        fc.pre(facts.listing.writers?.kind === 'open');
        const { doubts, finished, grade } = judge(facts, profile(name, set), later);
        expect(['quiet', 'incomplete']).not.toContain(grade);
        const isTold = doubts.includes('a process still has a file in it open for writing');
        expect(isTold || !finished).toBe(true);
      }),
    );
  });
});

describe('the order of events', () => {
  test('does not matter, nor does their repetition', () => {
    const touches = fc.array(times, { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(histories, touches, fc.array(fc.nat(9)), times, (history, ats, repeated, now) => {
        const facts = observeAll(history, 'created');
        const again = [...ats, ...repeated.map((index) => ats[index % ats.length] ?? 0)].reverse();
        expect(again.reduce(touch, facts)).toEqual(ats.reduce(touch, facts));
        const rules = profile('safe');
        expect(judge(again.reduce(touch, facts), rules, now)).toEqual(judge(ats.reduce(touch, facts), rules, now));
      }),
    );
  });

  test('a repeated look at the same time, or a late one, changes nothing', () => {
    fc.assert(
      fc.property(histories, times, listings, (history, at, listing) => {
        const facts = observeAll(history, 'created');
        expect(observe(facts, facts.listing, facts.observedAt)).toEqual(facts);
        const late = Math.min(at, facts.observedAt - 1);
        expect(observe(facts, listing, late)).toEqual(facts);
      }),
    );
  });

  test('a recording read back from JSON and replayed says what was said live', () => {
    fc.assert(
      fc.property(profiles, options, steps, arrivals, (name, set, recording, arrival) => {
        const rules = profile(name, set);
        let facts: Parameters<typeof advance>[0] = { name: 'scan', arrival };
        const live = recording.flatMap((step) => {
          facts = advance(facts, step);
          return 'listing' in facts ? [{ at: step.at, verdict: judge(facts, rules, step.at) }] : [];
        });
        const stored = JSON.parse(JSON.stringify(recording)) as readonly RecordedStep[];
        // JSON has no -0.
        expect(JSON.stringify(replay({ name: 'scan', arrival }, stored, rules))).toBe(JSON.stringify(live));
      }),
    );
  });
});

describe('evidence', () => {
  /** The same folder with one more thing that speaks for its end. */
  const stronger: readonly ((facts: FolderFacts) => FolderFacts)[] = [
    (facts) => ({ ...facts, arrival: 'renamed' }),
    (facts) => ({ ...facts, lastChangeAt: Math.min(facts.lastChangeAt, 0) }),
    (facts) => ({ ...facts, listing: { ...facts.listing, files: facts.listing.files + 1 } }),
    (facts) => ({ ...facts, listing: { ...facts.listing, writers: { kind: 'none', complete: true } } }),
    (facts) => ({ ...facts, listing: { ...facts.listing, siblings: { arriving: 0, example: null } } }),
    (facts) => ({ ...facts, listing: { ...facts.listing, unreadable: 0, problemCodes: [] } }),
    (facts) => ({ ...facts, listing: { ...facts.listing, marker: { kind: 'found', name: '.done', isOlder: false } } }),
    (facts) => ({
      ...facts,
      listing: {
        ...facts.listing,
        expected: { instances: 3, source: 'sidecar' },
        dicom: { instances: 3, truncated: 0, example: null, series: [] },
      },
    }),
    (facts) => ({
      ...facts,
      listing: {
        ...facts.listing,
        manifest: {
          kind: 'compared',
          name: 'm',
          listed: 3,
          missing: 0,
          wrongSize: 0,
          wrongDigest: 0,
          unlisted: 0,
          example: null,
        },
      },
    }),
  ];

  test('more of it never makes a finished folder unfinished', () => {
    fc.assert(
      fc.property(
        profiles,
        options,
        steps,
        arrivals,
        fc.constantFrom(...stronger),
        fc.nat(1e6),
        (name, set, recording, arrival, strengthen, later) => {
          const facts = advanceAll(recording, arrival);
          const now = facts.observedAt + later;
          const rules = profile(name, set);
          fc.pre(judge(facts, rules, now).finished);
          expect(judge(strengthen(facts), rules, now).finished).toBe(true);
        },
      ),
    );
  });
});
