import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openRevalidation, toRevalidate } from './revalidation.ts';

test.runIf(process.platform === 'linux')('every path is asked about, also one that is not there', async () => {
  const revalidate = await openRevalidation();
  expect(revalidate).toBeDefined();
  const paths = Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? '/proc' : Buffer.from('/not/there')));
  await Promise.all(paths.map(async (path) => revalidate?.(path)));
});

test('only so many calls run at once, in the order of asking, with a NUL at the end of the path', async () => {
  const asked: string[] = [];
  const ends: (() => void)[] = [];
  const revalidate = toRevalidate((path, done) => {
    asked.push(Buffer.from(path).toString());
    ends.push(done);
  }, 2);
  const all = Promise.all(['a', 'b', Buffer.from('c'), 'd'].map((path) => revalidate(path)));
  expect(asked).toEqual(['a\0', 'b\0']);
  ends.shift()?.();
  await turn();
  expect(asked).toEqual(['a\0', 'b\0', 'c\0']);
  for (let end = ends.shift(); end !== undefined; end = ends.shift()) end();
  await all;
  expect(asked).toHaveLength(4);
});
