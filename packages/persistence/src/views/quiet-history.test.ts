import { expect, test } from 'vitest';
import { isJoined, judgeQuiet, type QuietOutcome, type SealedPast, toTimes } from './quiet-history.ts';

const S = 1_000;
const past = (changes: Partial<SealedPast> = {}): SealedPast => ({
  id: '1',
  grade: 'quiet',
  sealedAt: 35 * S,
  times: [0, 5 * S, 20 * S],
  before: null,
  ...changes,
});

test.each<[string, Partial<SealedPast>, number, QuietOutcome]>([
  ['the same', {}, 15 * S, { kind: 'moved', laterMs: 0 }],
  ['longer', {}, 60 * S, { kind: 'moved', laterMs: 45 * S }],
  ['a little shorter', { times: [0, 5 * S, 20 * S], sealedAt: 50 * S }, 20 * S, { kind: 'moved', laterMs: -10 * S }],
  ['so short that it is split', {}, 10 * S, { kind: 'split', pauseMs: 15 * S }],
  ['one file', { times: [0] }, 10 * S, { kind: 'moved', laterMs: -25 * S }],
  ['a rename proved it', { grade: 'renamed' }, 1, { kind: 'other-proof' }],
  ['no times', { times: [] }, 1, { kind: 'unknown' }],
])('%s', (_, changes, quietMs, expected) => {
  expect(judgeQuiet(past(changes), quietMs)).toEqual(expected);
});

test('what came soon after the seal would have been with it', () => {
  const late = past({ times: [60 * S, 61 * S], before: { grade: 'quiet', lastAt: 20 * S } });
  expect([15, 39, 40, 60].map((seconds) => isJoined(late, seconds * S))).toEqual([false, false, true, true]);
  expect(isJoined(past({ ...late, before: { grade: 'renamed', lastAt: 20 * S } }), 60 * S)).toBe(false);
  expect(isJoined(past(), 60 * S)).toBe(false);
});

test('a file counts by its birth and its last write, and not by a time that a copy kept', () => {
  const ns = (ms: number): bigint => BigInt(ms) * 1_000_000n;
  const files = [
    { bornNs: ns(3_000), mtimeNs: ns(4_000) },
    { bornNs: ns(1_000), mtimeNs: ns(-5_000) },
    { mtimeNs: ns(2_000) },
    { bornNs: ns(9_000), mtimeNs: ns(9_000) },
    { bornNs: ns(2_500), mtimeNs: ns(9_000) },
  ];
  expect(toTimes(files, 8_000)).toEqual([1_000, 2_500, 3_000, 4_000]);
});
