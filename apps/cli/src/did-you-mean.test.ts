import { expect, test } from 'vitest';
import { toAdvice } from './did-you-mean.ts';

const commands = {
  ids: ['batch:list', 'batch:show', 'watcher:start', 'explain'],
  flagsOf: (id: string) => (id === 'batch:list' ? ['status', 'root', 'limit'] : []),
};

test.each([
  [
    'command batch:lst not found',
    'There is no command `sendit batch lst` (did you mean batch list?); `sendit --help` lists them.',
  ],
  [
    'command wacher not found',
    'There is no command `sendit wacher` (did you mean watcher?); `sendit --help` lists them.',
  ],
  ['command xyzzy-plugh not found', 'There is no command `sendit xyzzy-plugh`; `sendit --help` lists them.'],
])('%s', (message, advice) => {
  expect(toAdvice(message, [], commands)).toBe(advice);
});

test('a flag that there is not gets the nearest of its command', () => {
  const message = 'Nonexistent flag: --stat\nSee more help with --help';
  expect(toAdvice(message, ['batch', 'list', '--stat', 'X'], commands)).toBe(
    '`sendit batch list` has no flag --stat (did you mean --status?); `sendit batch list --help` lists them.',
  );
  expect(toAdvice(message, ['nothing'], commands)).toBeUndefined();
  expect(toAdvice('Missing 1 required arg', ['batch', 'show'], commands)).toBeUndefined();
});
