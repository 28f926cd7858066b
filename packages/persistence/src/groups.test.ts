import { expect, test } from 'vitest';
import { createGroups, type Ended } from './groups.ts';

/** Groups of numbers, each done when its gate opens; keeps what was done as one. */
function open({ fails = () => false }: { readonly fails?: (items: readonly number[]) => boolean } = {}) {
  const done: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const run = createGroups<number, string>({
    most: 4,
    mostSize: 100,
    sizeOf: (item) => item,
    runGroup: async (items): Promise<readonly Ended<string>[]> => {
      await new Promise<void>((resolve) => gates.push(resolve));
      if (fails(items)) throw new Error('group');
      done.push(items);
      return items.map((item) => (item < 0 ? { kind: 'single' } : { kind: 'done', outcome: `group ${item}` }));
    },
    runSingle: async (item) => {
      done.push([item]);
      if (item === 13) throw new Error('thirteen');
      return `single ${item}`;
    },
    mayTrySingly: (error) => error instanceof Error && error.message === 'group',
  });
  /** Lets the groups go on, one after the other, until none waits. */
  const proceed = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) {
      await Promise.resolve();
      gates.shift()?.();
    }
  };
  return { run, done, proceed };
}

test('one that comes alone is done at once, and what comes meanwhile is the next group', async () => {
  const { done, proceed, run } = open();
  const all = Promise.all([1, 2, 3, 4, 5, 6].map(run));
  await proceed();
  expect(await all).toEqual([1, 2, 3, 4, 5, 6].map((item) => `group ${item}`));
  expect(done).toEqual([[1], [2, 3, 4, 5], [6]]);
});

test('a group is no larger than it may be, and an item that is has one of its own', async () => {
  const { done, proceed, run } = open();
  const all = Promise.all([1, 60, 50, 200, 2].map(run));
  await proceed();
  await all;
  expect(done).toEqual([[1], [60], [50], [200], [2]]);
});

test('what a group leaves alone is done by itself, with an outcome of its own', async () => {
  const { done, proceed, run } = open();
  const all = Promise.all([1, 2, -3, 4].map(run));
  await proceed();
  expect(await all).toEqual(['group 1', 'group 2', 'single -3', 'group 4']);
  expect(done).toEqual([[1], [2, -3, 4], [-3]]);
});

test('one bad item of a group that fails does not undo its neighbours', async () => {
  const { proceed, run } = open({ fails: (items) => items.includes(13) });
  const all = Promise.allSettled([1, 2, 13, 4].map(run));
  await proceed();
  expect((await all).map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
    'group 1',
    'single 2',
    'failed',
    'single 4',
  ]);
});

test('where nobody could be helped by trying singly, all of the group fail and the next goes on', async () => {
  const run = createGroups<number, number>({
    most: 4,
    mostSize: 100,
    sizeOf: () => 1,
    runGroup: async (items) => {
      if (items.includes(2)) throw new Error('away');
      return items.map((outcome) => ({ kind: 'done', outcome }));
    },
    runSingle: () => Promise.reject(new Error('not expected')),
    mayTrySingly: () => false,
  });
  const all = await Promise.allSettled([1, 2, 3].map(run));
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await run(4)).toBe(4);
});
