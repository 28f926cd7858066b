import { describe, expect, test } from 'vitest';
import { toBytes, toCountOf, toDuration, toHeadline, toRelativeTime, toStudyDate, toVisible } from '../page/format.ts';

describe('words of the page', () => {
  const aProblem = (severity: 'info' | 'warning' | 'error') =>
    ({ code: 'late-files', severity, since: null, subject: 'batches', message: 'x' }) as const;

  test.each([
    [false, [], { isWell: false, words: 'inactive' }],
    [true, [], { isWell: true, words: 'active' }],
    [true, [aProblem('info')], { isWell: true, words: 'active' }],
    [true, [aProblem('warning')], { isWell: false, words: 'active, 1 problem' }],
    [true, [aProblem('error'), aProblem('warning')], { isWell: false, words: 'active, 2 problems' }],
  ])('the headline of %j with %j', (active, problems, expected) => {
    expect(toHeadline({ active, health: { level: 'well', problems } })).toEqual(expected);
  });

  const now = Date.parse('2025-03-08T12:00:00.000Z');

  test.each([
    ['2025-03-08T11:59:55.000Z', 'just now'],
    ['2025-03-08T12:00:30.000Z', 'just now'],
    ['2025-03-08T11:59:18.000Z', '42 s ago'],
    ['2025-03-08T11:59:00.000Z', '1 min ago'],
    ['2025-03-08T09:00:01.000Z', '2 h ago'],
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
    [850, '850 ms'],
    [12_000, '12 s'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms read %j', (ms, words) => expect(toDuration(ms)).toBe(words));

  test('counts carry the right word', () => {
    expect([1, 1200].map((count) => toCountOf(count, ['study', 'studies']))).toEqual(['1 study', '1,200 studies']);
  });

  test('a study date is readable, an odd one is left alone', () => {
    expect([toStudyDate('20250228'), toStudyDate('2025.02')]).toEqual(['2025-02-28', '2025.02']);
  });

  test('characters that hide or reorder text are written out, letters of any script stay', () => {
    expect(toVisible('a\u202Egpj.exe\n\u200b')).toBe('a\\u{202e}gpj.exe\\u{a}\\u{200b}');
    expect(toVisible('Müller 山田 é אב')).toBe('Müller 山田 é אב');
  });
});
