import { expect, test } from 'vitest';
import { isHandlesBounded, isMemoryBounded, toGrowth } from './growth.ts';

const steps = (count: number, value: (at: number) => number) => Array.from({ length: count }, (_, at) => value(at));

test('what rises while it warms up and then stays is bounded', () => {
  const growth = toGrowth(steps(100, (at) => (at < 15 ? 100 + 10 * at : 250 + (at % 7))));
  expect(growth).toEqual({ early: 253, late: 253, peak: 256 });
  expect(isMemoryBounded(growth)).toBe(true);
});

test('a leak is found: memory that rises all the time, a handle for each directory', () => {
  expect(isMemoryBounded(toGrowth(steps(100, (at) => 200 + 2 * at)))).toBe(false);
  expect(isHandlesBounded(toGrowth(steps(100, (at) => 40 + at)))).toBe(false);
});
