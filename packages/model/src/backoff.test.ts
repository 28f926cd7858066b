import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBackoffMs, withJitter } from './backoff.ts';

test('the wait doubles up to the longest', () => {
  expect([0, 1, 2, 3, 5, 6, 7, 2_000].map((failures) => toBackoffMs(failures))).toEqual([
    1_000, 1_000, 2_000, 4_000, 16_000, 30_000, 30_000, 30_000,
  ]);
  expect(toBackoffMs(3, { firstMs: 10, longestMs: 25 })).toBe(25);
  expect(toBackoffMs(40, { firstMs: 0 })).toBe(0);
});

test('jitter only shortens a wait, by at most a quarter', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (ms, part) => {
      const waited = withJitter(ms, () => part);
      expect(waited).toBeLessThanOrEqual(ms);
      expect(waited).toBeGreaterThanOrEqual(Math.floor(ms * 0.75));
    }),
  );
});
