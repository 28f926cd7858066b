import { expect, test } from 'vitest';
import { createPlaces } from './places.ts';

test('no more work than there are places, all of it, in the order of asking; a failure frees its place', async () => {
  const inPlace = createPlaces(2);
  const order: number[] = [];
  let active = 0;
  let most = 0;
  const work = (at: number) =>
    inPlace(async () => {
      active += 1;
      most = Math.max(most, active);
      order.push(at);
      await Promise.resolve();
      active -= 1;
      if (at === 1) throw new Error('bad');
      return at;
    });
  const ended = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
  expect({ most, order }).toEqual({ most: 2, order: [0, 1, 2, 3, 4] });
});
