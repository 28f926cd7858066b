import { expect, test } from 'vitest';
import { type Lane, Lanes } from './lanes.ts';

function toLanes(names: Readonly<Partial<Record<Lane, number>>>): Lanes {
  const lanes = new Lanes();
  for (const lane of ['after', 'found', 'seen', 'arrived'] as const)
    for (let index = 0; index < (names[lane] ?? 0); index += 1) lanes.set(`${lane} ${index}`, lane, 0);
  return lanes;
}

function takeAll(lanes: Lanes, now = 0): string[] {
  const taken: string[] = [];
  for (let name = lanes.takeDue(now); name !== undefined; name = lanes.takeDue(now)) taken.push(name);
  return taken;
}

test('what arrived goes before what was only found, and what was seen before it, in their order', () => {
  expect(takeAll(toLanes({ arrived: 2, seen: 1, found: 2, after: 1 }))).toEqual([
    'arrived 0',
    'arrived 1',
    'seen 0',
    'found 0',
    'found 1',
    'after 0',
  ]);
});

test('no lane is starved: of nine turns one each is for what was found, was seen, and is looked at after its seal', () => {
  const taken = takeAll(toLanes({ arrived: 100, seen: 100, found: 100, after: 100 })).slice(0, 90);
  const count = (lane: Lane): number => taken.filter((name) => name.startsWith(lane)).length;
  expect([count('arrived'), count('seen'), count('found'), count('after')]).toEqual([60, 10, 10, 10]);
});

test('a turn of its own does not make a lane wait for nothing', () => {
  expect(takeAll(toLanes({ arrived: 0, seen: 0, found: 20 }))).toHaveLength(20);
  expect(takeAll(toLanes({ arrived: 20, seen: 0, found: 0 }))).toHaveLength(20);
});

test('a name has one lane and one due time: the last that was set', () => {
  const lanes = toLanes({ arrived: 0, seen: 0, found: 2 });
  lanes.set('found 1', 'arrived', 5);
  expect(lanes.nextAt()).toBe(0);
  expect(takeAll(lanes)).toEqual(['found 0']);
  expect(lanes.nextAt()).toBe(5);
  expect(takeAll(lanes, 5)).toEqual(['found 1']);
  expect(lanes.nextAt()).toBeUndefined();
});
