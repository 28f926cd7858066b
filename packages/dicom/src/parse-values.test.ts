import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDate, parseDecimal, parseInteger, parsePersonName, parseTime, splitValues } from './parse-values.ts';

test('a person name is taken apart into its groups and components', () => {
  expect(parsePersonName('Yamada^Tarou^^Dr.^III=山田^太郎=やまだ^たろう')).toEqual({
    alphabetic: { familyName: 'Yamada', givenName: 'Tarou', middleName: '', prefix: 'Dr.', suffix: 'III' },
    ideographic: { familyName: '山田', givenName: '太郎', middleName: '', prefix: '', suffix: '' },
    phonetic: { familyName: 'やまだ', givenName: 'たろう', middleName: '', prefix: '', suffix: '' },
  });
  expect(parsePersonName('One Name')).toMatchObject({ alphabetic: { familyName: 'One Name' }, ideographic: undefined });
  expect(parsePersonName('=山田')).toMatchObject({
    alphabetic: { familyName: '' },
    ideographic: { familyName: '山田' },
  });
});

test('nothing of a name is lost, whatever it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { alphabetic, ideographic, phonetic } = parsePersonName(text);
      const parts = [alphabetic, ideographic, phonetic].flatMap((group) => (group ? Object.values(group) : []));
      const bare = (value: string) => value.replaceAll(/[\^=\s]/g, '');
      expect(bare(parts.join(''))).toBe(bare(text));
    }),
  );
});

test.each([
  ['20240229', { year: 2024, month: 2, day: 29 }],
  ['1997.01.31', { year: 1997, month: 1, day: 31 }],
  ['20230229', undefined],
  ['19000229', undefined],
  ['20240431', undefined],
  ['20241301', undefined],
  ['20240100', undefined],
  ['2024.0101', undefined],
  ['202401', undefined],
  ['2024-01-01', undefined],
  ['', undefined],
])('the date %j', (text, date) => {
  expect(parseDate(text)).toEqual(date);
});

test('every day of the calendar is a date, and no other', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), fc.nat(99), fc.nat(99), (year, month, day) => {
      const pad = (value: number, length = 2) => String(value).padStart(length, '0');
      const iso = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
      const time = new Date(`${iso}T00:00:00Z`);
      const isDay = !Number.isNaN(time.getTime()) && time.toISOString().startsWith(iso);
      expect(parseDate(iso.replaceAll('-', ''))).toEqual(isDay ? { year, month, day } : undefined);
    }),
  );
});

test.each([
  ['07', { hours: 7 }],
  ['0710', { hours: 7, minutes: 10 }],
  ['071059', { hours: 7, minutes: 10, seconds: 59 }],
  ['235960', { hours: 23, minutes: 59, seconds: 60 }],
  ['071059.5', { hours: 7, minutes: 10, seconds: 59, microseconds: 500_000 }],
  ['07:10:59.000001', { hours: 7, minutes: 10, seconds: 59, microseconds: 1 }],
  ['24', undefined],
  ['0760', undefined],
  ['7', undefined],
  ['071059.', undefined],
  ['071059.1234567', undefined],
  ['', undefined],
])('the time %j', (text, time) => {
  expect(parseTime(text)).toEqual(time);
});

describe('numbers', () => {
  test.each([
    ['7', 7],
    ['+007', 7],
    ['-2147483648', -2_147_483_648],
    ['2147483648', undefined],
    ['99999999999', undefined],
    ['1.5', undefined],
    ['1\\2', undefined],
    ['-0', 0],
    ['', undefined],
  ])('the integer string %j', (text, number) => {
    expect(parseInteger(text)).toBe(number);
  });

  test.each([
    ['1.25', 1.25],
    ['-.5', -0.5],
    ['5.', 5],
    ['+1.0E-03', 0.001],
    ['1e400', undefined],
    ['1,5', undefined],
    ['0x10', undefined],
    ['NaN', undefined],
    ['.', undefined],
    ['', undefined],
  ])('the decimal string %j', (text, number) => {
    expect(parseDecimal(text)).toBe(number);
  });

  test('every number that JavaScript writes is read back', () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0));
    fc.assert(
      fc.property(numbers, fc.integer(), (decimal, integer) => {
        expect(parseDecimal(String(decimal))).toBe(decimal);
        expect(parseInteger(String(integer))).toBe(integer);
      }),
    );
  });
});

test('several values are split where they were joined', () => {
  expect(splitValues('ORIGINAL\\PRIMARY\\')).toEqual(['ORIGINAL', 'PRIMARY', '']);
});
