import { expect, test } from 'vitest';
import { arePooled, type Session } from './pooled.ts';

/** A session whose statements are answered by these processes, one after the other and again from the first. */
function sessionOf(...pids: readonly number[]): Session {
  let at = 0;
  return { query: async () => ({ rows: [{ pid: pids[at++ % pids.length] }] }) };
}

test.each([
  ['two connections of their own', sessionOf(1), sessionOf(2), false],
  ['one process for both', sessionOf(1), sessionOf(1), true],
  ['one process for both, sometimes', sessionOf(1), sessionOf(2, 2, 1), true],
  ['several processes for one', sessionOf(1, 1, 3), sessionOf(2), true],
])('%s: %#', async (_, one, other, expected) => {
  expect(await arePooled(one, other)).toBe(expected);
});
