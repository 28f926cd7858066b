import { expect, test } from 'vitest';
import { toThrownText } from './error-name.ts';

test('what a processor threw is told with the line that threw it', () => {
  expect(toThrownText(new Error('no such field'))).toMatch(/^no such field \(\/.*error-name\.test\.ts:\d+:\d+\)$/);
  expect(toThrownText(Object.assign(new Error('bare'), { stack: undefined }))).toBe('bare');
  expect(toThrownText('text')).toBe('text');
});
