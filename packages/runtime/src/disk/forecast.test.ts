import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addSample, forecastFull, type SpaceSample } from './forecast.ts';

const HOUR = 3_600_000;
const GB = 1e9;

test.each<[string, readonly (readonly [hour: number, free: number])[], number | null]>([
  ['nothing is known', [], null],
  ['one look', [[0, 10]], null],
  [
    'half an hour',
    [
      [0, 10],
      [0.5, 9],
    ],
    null,
  ],
  [
    'it stays',
    [
      [0, 10],
      [1, 10],
      [2, 10],
    ],
    null,
  ],
  [
    'it becomes more',
    [
      [0, 10],
      [2, 12],
    ],
    null,
  ],
  [
    'one gigabyte an hour',
    [
      [0, 10],
      [1, 9],
      [2, 8],
    ],
    10,
  ],
  [
    'a spoilt look between',
    [
      [0, 10],
      [1, 9.5],
      [2, 8],
    ],
    10,
  ],
  [
    'in years',
    [
      [0, 10],
      [2, 9.99999],
    ],
    null,
  ],
])('%s', (_, looks, hour) => {
  const full = forecastFull(looks.map(([at, free]) => ({ at: at * HOUR, freeBytes: free * GB })));
  expect(full === null ? null : Math.round(full / HOUR)).toBe(hour);
});

test('samples stay few and in order, whatever the clock does', () => {
  const bounds = { everyMs: 10, keepMs: 100 };
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 200 }), (times) => {
      let samples: readonly SpaceSample[] = [];
      for (const at of times) samples = addSample(samples, { at, freeBytes: 1 }, bounds);
      expect(samples.length).toBeLessThanOrEqual(11);
      expect(samples.map(({ at }) => at)).toEqual(samples.map(({ at }) => at).toSorted((a, b) => a - b));
    }),
  );
});
