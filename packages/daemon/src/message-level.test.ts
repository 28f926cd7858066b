import { MESSAGE_LEVELS } from '@sendit/model';
import { expect, test } from 'vitest';
import { parseMessageLevel } from './message-level.ts';

test.each(Object.entries(MESSAGE_LEVELS))('%s is read as %i, by name in any case and by number', (name, level) => {
  expect(parseMessageLevel(name)).toBe(level);
  expect(parseMessageLevel(` ${name.toLowerCase()} `)).toBe(level);
  expect(parseMessageLevel(String(level))).toBe(level);
});

test.each(['CRITICAL', 'abort', 'Fatal'])('%s is another word for ABRT', (word) => {
  expect(parseMessageLevel(word)).toBe(-4);
});

test.each(['', 'LOUD', '1.5', 'toString', '__proto__', '1e3'])('%j is no level', (word) => {
  expect(parseMessageLevel(word)).toBeUndefined();
});
