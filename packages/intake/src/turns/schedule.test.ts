import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Schedule } from './schedule.ts';

test('keys come out by their newest time, equal times in the order of setting, each once', () => {
  const sets = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.nat(5)), { maxLength: 40 });
  fc.assert(
    fc.property(sets, (all) => {
      const schedule = new Schedule();
      for (const [key, at] of all) schedule.set(key, at);
      const newest = new Map<string, { at: number; order: number }>();
      for (const [order, [key, at]] of all.entries()) newest.set(key, { at, order });
      const expected = [...newest].sort(([, a], [, b]) => a.at - b.at || a.order - b.order).map(([key]) => key);
      const got: string[] = [];
      for (let key = schedule.takeDue(5); key !== undefined; key = schedule.takeDue(5)) got.push(key);
      expect(got).toEqual(expected);
      expect(schedule.nextAt()).toBeUndefined();
    }),
  );
});

test('nothing comes out before it is due', () => {
  const schedule = new Schedule();
  schedule.set('a', 10);
  expect(schedule.takeDue(9.9)).toBeUndefined();
  expect(schedule.nextAt()).toBe(10);
  expect(schedule.takeDue(10)).toBe('a');
});
