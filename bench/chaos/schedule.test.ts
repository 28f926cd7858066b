import { expect, test } from 'vitest';
import { BACKENDS, isKill, toSchedule } from './schedule.ts';

const OPTIONS = { backend: 'redis', studies: 500, faults: 60, seed: 7, smallDisks: true, asRoot: true } as const;

test('the same seed gives the same schedule, another one another', () => {
  expect(toSchedule(OPTIONS)).toEqual(toSchedule(OPTIONS));
  expect(toSchedule({ ...OPTIONS, seed: 8 })).not.toEqual(toSchedule(OPTIONS));
});

test.each(BACKENDS)(
  'on %s half of the faults are kills, and all come in order while directories are sent',
  (backend) => {
    const { sends, faults } = toSchedule({ ...OPTIONS, backend });
    expect(sends).toHaveLength(500);
    expect(faults).toHaveLength(60);
    expect(faults.filter(({ kind }) => isKill(kind))).toHaveLength(30);
    const positions = faults.map(({ afterSends }) => afterSends);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(Math.max(...positions)).toBeLessThan(500);
  },
);

test('without small disks none is filled', () => {
  const { faults } = toSchedule({ ...OPTIONS, faults: 400, smallDisks: false });
  expect(faults.filter(({ kind }) => kind.startsWith('fill-'))).toEqual([]);
  expect(toSchedule({ ...OPTIONS, faults: 400 }).faults.some(({ kind }) => kind.startsWith('fill-'))).toBe(true);
});

test('only as root come second containers, locked files and an unmounted watch path, and then all of them do', () => {
  const kinds = (asRoot: boolean) =>
    new Set(toSchedule({ ...OPTIONS, faults: 400, asRoot }).faults.map(({ kind }) => kind));
  const added = [...kinds(true)].filter((kind) => !kinds(false).has(kind));
  expect(added.toSorted()).toEqual(['lock-files', 'second-container', 'second-while-frozen', 'unmount-data']);
});

test('a duplicate repeats an earlier directory', () => {
  const duplicates = toSchedule(OPTIONS).sends.filter(({ kind }) => kind === 'duplicate');
  expect(duplicates.length).toBeGreaterThan(0);
  for (const { index, repeats } of duplicates) expect(repeats).toBeLessThan(index);
});
