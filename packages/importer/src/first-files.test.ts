import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FirstFiles } from './first-files.ts';

test('gives what a map gives, whatever the UIDs', () => {
  const uid = fc.oneof(fc.string(), fc.stringMatching(/^2\.25\.[0-9]{1,3}$/), fc.constantFrom('', '1', '1.2'));
  fc.assert(
    fc.property(fc.array(uid, { maxLength: 400 }), (uids) => {
      const first = new Map<string, number>();
      const files = new FirstFiles();
      for (const [file, one] of uids.entries()) {
        expect(files.take(one, file)).toBe(first.get(one));
        if (!first.has(one)) first.set(one, file);
      }
    }),
  );
});

test('UIDs that differ in their last digits alone are all told apart', () => {
  const files = new FirstFiles();
  const uids = Array.from({ length: 300_000 }, (_, index) => `1.2.840.113619.2.55.3.2831868886.123.${index}`);
  expect(uids.filter((uid, index) => files.take(uid, index) !== undefined)).toEqual([]);
  expect(uids.every((uid, index) => files.take(uid, 0) === index)).toBe(true);
});
