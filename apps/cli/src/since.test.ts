import { expect, test } from 'vitest';
import { parseSince } from './since.ts';

const NOW = new Date('2025-03-01T12:00:00Z');

test.each([
  ['30m', '2025-03-01T11:30:00.000Z'],
  ['2h', '2025-03-01T10:00:00.000Z'],
  ['7d', '2025-02-22T12:00:00.000Z'],
  ['2025-02-28T06:00:00Z', '2025-02-28T06:00:00.000Z'],
])('%s is a time', (text, expected) => {
  expect(parseSince(text, NOW)).toBe(expected);
});

test('a date alone begins at midnight here', () => {
  expect(parseSince('2025-02-28', NOW)).toBe(new Date(2025, 1, 28).toISOString());
});

test.each(['', '2', '2w', 'yesterday', '2025', '2025-13-01', '-2h'])('%j is refused', (text) => {
  expect(() => parseSince(text, NOW)).toThrow(/--since/);
});
