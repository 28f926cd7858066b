import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUid, toStoredInteger, toStoredKey, toStoredText } from './stored-text.ts';

const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) });

test('any text becomes text without NUL that survives UTF-8, and stored text stays as it is', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const stored = toStoredText(text);
      expect(stored).not.toContain('\0');
      expect(Buffer.from(stored, 'utf8').toString('utf8')).toBe(stored);
      expect(toStoredText(stored)).toBe(stored);
      expect(stored).toHaveLength(text.length);
    }),
  );
});

test('keys of any length fit an index, and two long ones stay two', () => {
  const long = '1.'.repeat(5_000);
  expect(Buffer.byteLength(toStoredKey('\u{1F600}'.repeat(3_000)))).toBeLessThan(2_000);
  expect(toStoredKey(`${long}1`)).not.toBe(toStoredKey(`${long}2`));
});

test('numbers that no integer column holds are absent', () => {
  expect([1, -1, 2 ** 31, 0.5, Number.NaN, null].map(toStoredInteger)).toEqual([1, -1, null, null, null, null]);
});

test('only digits and dots are a UID', () => {
  expect(['1.2.840', '1', 'study_a', '', '.1', '1.2 '].map(isUid)).toEqual([true, true, false, false, false, false]);
});
