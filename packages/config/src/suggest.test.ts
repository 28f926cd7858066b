import { expect, test } from 'vitest';
import { suggest, toSuggestion } from './suggest.ts';

const events = ['IN_CREATE', 'IN_CLOSE', 'IN_MOVED_TO', 'IN_MOVED_FROM'];

test.each([
  ['IN_CREAT', 'IN_CREATE'],
  ['in_create', 'IN_CREATE'],
  ['CREATE', 'IN_CREATE'],
  ['IN_MOVE_TO', 'IN_MOVED_TO'],
])('%s is near %s', (word, expected) => {
  expect(suggest(word, events)).toBe(expected);
});

test.each(['', 'x', 'something-else-entirely'])('nothing is near %j', (word) => {
  expect(suggest(word, events)).toBeUndefined();
  expect(toSuggestion(word, events)).toBe('');
});
