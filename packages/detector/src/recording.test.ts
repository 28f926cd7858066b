import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LISTING } from '../test/folder.ts';
import type { FolderListing, FolderSight } from './facts.ts';
import { judge } from './judge.ts';
import { PROFILE_NAMES, profile } from './profile.ts';
import { parseRecording, type Recording, toRecordingLines } from './recording.ts';
import { advance, type RecordedStep } from './replay.ts';
import { replayDecision } from './replay-decision.ts';

const listings = fc
  .record({ files: fc.integer({ min: 0, max: 3 }), content: fc.constantFrom('a', 'b'), open: fc.boolean() })
  .map(
    ({ content, files, open }): FolderListing => ({
      ...LISTING,
      files,
      newestPath: null,
      snapshotDigest: `${files}${content}`,
      manifestDigest: `${files}${content}`,
      ...(open ? { writers: { kind: 'open', files: 1, pids: [7], example: '' } } : {}),
    }),
  );
const recordings = fc
  .record({
    arrival: fc.constantFrom('renamed', 'created', 'found'),
    steps: fc.array(fc.tuple(fc.nat(60_000), listings, fc.boolean()), { minLength: 1, maxLength: 30 }),
  })
  .map(({ arrival, steps }): Recording => {
    let at = 0;
    const timed = steps.map(([wait, listing, isLook], index): RecordedStep => {
      at += wait;
      return isLook || index === 0 ? { kind: 'look', at, listing } : { kind: 'change', at };
    });
    return { sight: { name: 'folder', arrival }, source: 'live', steps: timed };
  });
const settings = fc.record({
  quietMs: fc.integer({ min: 0, max: 30_000 }),
  maxWaitMs: fc.integer({ min: 0, max: 400_000 }),
});

function write(recording: Recording): string {
  return `${[...toRecordingLines(recording)].join('\n')}\n`;
}

describe('a recording', () => {
  test('that is written and read is the same', () => {
    fc.assert(
      fc.property(recordings, (recording) => {
        expect(parseRecording(write(recording))).toEqual({ kind: 'recording', recording });
      }),
    );
  });

  test('replayed decides what a watcher decided that looked at the same times, at the same time', () => {
    fc.assert(
      fc.property(recordings, fc.constantFrom(...PROFILE_NAMES), settings, (recording, name, set) => {
        const rules = profile(name, set);
        let facts: FolderSight = recording.sight;
        const live = recording.steps.flatMap((step) => {
          facts = advance(facts, step);
          const verdict = 'listing' in facts ? judge(facts as Parameters<typeof judge>[0], rules, step.at) : undefined;
          return verdict === undefined || verdict.outcome === 'waiting' ? [] : [{ at: step.at, verdict }];
        })[0];
        const read = parseRecording(write(recording));
        fc.pre(read.kind === 'recording');
        const replayed = replayDecision((read as { recording: Recording }).recording, rules, set);
        expect(replayed.isBeyondEnd).toBe(live === undefined);
        expect(replayed).toMatchObject(
          live === undefined ? {} : { at: live.at, outcome: live.verdict.outcome, grade: live.verdict.grade },
        );
        // Whatever was recorded, its longest wait ends.
        expect(replayed.outcome).not.toBe('waiting');
      }),
    );
  });

  test('holds no names and no header values', () => {
    const listing: FolderListing = {
      ...LISTING,
      newestPath: 'DOE^JANE.dcm',
      siblings: { arriving: 1, example: 'DOE^JANE.part' },
      marker: { kind: 'found', name: 'DOE.done', isOlder: false },
      manifest: { kind: 'unreadable', name: 'DOE.json', reason: 'half' },
      writers: { kind: 'open', files: 1, pids: [7], example: 'DOE^JANE.dcm' },
      dicom: { instances: 3, truncated: 1, example: 'DOE^JANE.dcm', series: [] },
    };
    const steps = [{ kind: 'look', at: 0, listing }] as const;
    const text = write({ sight: { name: 'DOE^JANE', arrival: 'created' }, source: 'live', steps });
    expect(text).not.toContain('DOE');
    expect(parseRecording(text)).toMatchObject({ kind: 'recording', recording: { sight: { name: 'folder' } } });
  });

  test('whose recorder was killed within a line is read up to there; another file is none', () => {
    const looks = [0, 500].map((at) => ({ kind: 'look', at, listing: LISTING }) as const);
    const text = write({ sight: { name: 'scan.tmp', arrival: 'found' }, source: 'live', steps: looks });
    const cut = parseRecording(text.slice(0, -5));
    expect(cut).toMatchObject({ kind: 'recording', recording: { sight: { name: 'folder.tmp' }, steps: [{ at: 0 }] } });
    for (const other of ['', '{}\n', 'x', `${text}{"kind":"same","at":1}\n`, `${text}{"kind":"other","at":900}\n`]) {
      expect(parseRecording(other)).toMatchObject({ kind: 'invalid', reason: expect.stringContaining('expected') });
    }
  });
});

describe('replayDecision', () => {
  const at = (ms: number, content: string, files = 1): RecordedStep => ({
    kind: 'look',
    at: ms,
    listing: { ...LISTING, files, snapshotDigest: content, manifestDigest: content },
  });
  const recording = (arrival: Recording['sight']['arrival'], ...steps: RecordedStep[]): Recording => ({
    sight: { name: 'scan', arrival },
    source: 'live',
    steps,
  });

  test('says when a profile seals, and that it was too early where files came later', () => {
    const paused = recording('created', at(0, 'a'), at(6_000, 'a'), at(12_000, 'b', 2), at(18_000, 'b', 2));
    expect(replayDecision(paused, profile('safe', { quietMs: 5_000 }), { quietMs: 5_000 })).toMatchObject({
      outcome: 'finished',
      grade: 'quiet',
      at: 6_000,
      files: 1,
      isEarly: true,
      isBeyondEnd: false,
    });
    expect(replayDecision(paused, profile('safe', { quietMs: 10_000 }), { quietMs: 10_000 })).toMatchObject({
      at: 22_000,
      files: 2,
      isEarly: false,
      isBeyondEnd: true,
    });
  });

  test('says what a deadline comes to, and that nothing was looked at', () => {
    const created = recording('created', at(0, 'a'));
    expect(replayDecision(created, profile('legacy'), { quietMs: 15_000 })).toMatchObject({
      outcome: 'hold',
      isBeyondEnd: true,
    });
    const never = recording('created', { kind: 'change', at: 0 });
    expect(replayDecision(never, profile('safe'), { quietMs: 15_000 })).toMatchObject({ outcome: 'waiting', at: null });
  });
});
