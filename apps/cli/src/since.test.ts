import { expect, test } from 'vitest';
import { parseTime } from './since.ts';

const NOW = new Date('2025-03-01T12:00:00Z');
const parse = (text: string): string => parseTime(text, { now: NOW, flag: '--since' });

test.each([
  ['30m', '2025-03-01T11:30:00.000Z'],
  ['2h', '2025-03-01T10:00:00.000Z'],
  ['7d', '2025-02-22T12:00:00.000Z'],
  ['2025-02-28T06:00:00Z', '2025-02-28T06:00:00.000Z'],
])('%s is a time', (text, expected) => {
  expect(parse(text)).toBe(expected);
});

test('a date alone begins at midnight here', () => {
  expect(parse('2025-02-28')).toBe(new Date(2025, 1, 28).toISOString());
});

test.each(['', '2', '2w', 'yesterday', '2025', '2025-13-01', '-2h'])('%j is refused', (text) => {
  expect(() => parse(text)).toThrow(/--since/);
});
