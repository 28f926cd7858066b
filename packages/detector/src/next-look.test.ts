import fc from 'fast-check';
import { expect, test } from 'vitest';
import { folder } from '../test/folder.ts';
import { observe } from './facts.ts';
import { judge } from './judge.ts';
import { nextLookAt } from './next-look.ts';
import { profile } from './profile.ts';

const rules = profile('safe', { quietMs: 10_000 });

test('a folder that settles is looked at ten times in its quiet time', () => {
  const verdict = judge(folder(), rules, 0);
  expect(verdict.recheckAt).toBe(10_000);
  expect(nextLookAt(verdict, 0, { quietMs: 10_000 })).toBe(1_000);
});

test('many folders share the looks, and a slow one is left in peace', () => {
  const verdict = judge(folder(), rules, 0);
  expect(nextLookAt(verdict, 0, { quietMs: 10_000, pending: 100 })).toBe(5_000);
  expect(nextLookAt(verdict, 0, { quietMs: 10_000, pending: 10_000 })).toBe(10_000);
  expect(nextLookAt(verdict, 0, { quietMs: 10_000, tookMs: 200 })).toBe(4_000);
});

test('where only a deadline is left, it is still looked at once in a quiet time', () => {
  const strict = judge(folder(), profile('strict'), 0);
  expect(nextLookAt(strict, 0, { quietMs: 10_000 })).toBe(10_000);
  const unending = judge(folder(), profile('legacy', { maxWaitMs: false }), 0);
  expect(nextLookAt(unending, 0, { quietMs: 10_000 })).toBe(10_000);
});

test('so that the end of the last change is followed by a seal within 1.1 quiet times', () => {
  const quietMs = 5_000;
  const settling = profile('safe', { quietMs });
  fc.assert(
    fc.property(fc.array(fc.nat(4_900), { maxLength: 10 }), (pauses) => {
      const changes = pauses.reduce<number[]>((ats, pause) => [...ats, (ats.at(-1) ?? 0) + pause], [0]);
      const end = changes.at(-1) ?? 0;
      const sealedAt = watch(changes, settling, quietMs);
      expect(sealedAt).toBeGreaterThanOrEqual(end + quietMs);
      expect(sealedAt).toBeLessThanOrEqual(end + 1.1 * quietMs);
    }),
  );
});

/** When a folder that changes at these times is finished. */
function watch(changes: readonly number[], settling: typeof rules, quietMs: number): number {
  let facts = folder();
  for (let now = 0; ; ) {
    const seen = changes.filter((at) => at <= now).length;
    facts = observe(facts, { ...facts.listing, snapshotDigest: `${seen}` }, now);
    const verdict = judge(facts, settling, now);
    if (verdict.finished) return now;
    now = nextLookAt(verdict, now, { quietMs });
  }
}
