import { describe, expect, test } from 'vitest';
import { toAge, toBytes, toCountOf, toDuration, toRelativeTime, toStudyDate } from './format.ts';
import { toVisible } from './visible.ts';

describe('words of the page', () => {
  const now = Date.parse('2025-03-08T12:00:00.000Z');

  test.each([
    ['2025-03-08T11:59:55.000Z', 'just now'],
    ['2025-03-08T12:00:30.000Z', 'just now'],
    ['2025-03-08T11:59:18.000Z', '42 s ago'],
    ['2025-03-08T11:59:00.000Z', '1 min ago'],
    ['2025-03-08T09:00:01.000Z', '2 h 59 min ago'],
    ['2025-03-05T11:00:00.000Z', '3 d ago'],
    ['2025-02-01T12:00:00.000Z', '1 Feb 2025'],
    ['2025-04-01T12:00:00.000Z', '1 Apr 2025'],
    ['yesterday', '–'],
  ])('the time %s reads %j', (iso, words) => expect(toRelativeTime(iso, now)).toBe(words));

  test.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_000, '1.0 kB'],
    [431_000_000, '431 MB'],
    [999_960_000, '1.0 GB'],
    [1_240_000_000, '1.2 GB'],
  ])('%d bytes read %j', (bytes, words) => expect(toBytes(bytes)).toBe(words));

  test.each([
    [850, '850 ms', '0 s'],
    [1_640, '1.6 s', '1 s'],
    [12_000, '12 s', '12 s'],
    [200_000, '3 min 20 s', '3 min'],
    [7_500_000, '2 h 5 min', '2 h 5 min'],
    [7_200_000, '2 h 0 min', '2 h'],
  ])('%d ms read %j, and as an age %j', (ms, words, age) => {
    expect(toDuration(ms)).toBe(words);
    expect(toAge(ms)).toBe(age);
  });

  test('counts carry the right word', () => {
    expect([1, 1200].map((count) => toCountOf(count, ['study', 'studies']))).toEqual(['1 study', '1,200 studies']);
  });

  test('a study date is readable, an odd one is left alone', () => {
    expect([toStudyDate('20250228'), toStudyDate('2025.02')]).toEqual(['2025-02-28', '2025.02']);
  });

  test('characters that hide or reorder text are written out, letters of any script stay', () => {
    expect(toVisible('a\u202Egpj.exe\n\u200b\u061c\u{e0041}')).toBe(
      'a\\u{202e}gpj.exe\\u{a}\\u{200b}\\u{61c}\\u{e0041}',
    );
    expect(toVisible('Müller 山田 é אב')).toBe('Müller 山田 é אב');
  });
});
