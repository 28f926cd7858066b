import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toArrival } from './unit-arrival.ts';
import type { HeaderFacts, HeaderSighting, UnitFile } from './unit-file.ts';
import { UnitGroups } from './unit-groups.ts';
import { toAssignment } from './unit-key.ts';

const HEADER: HeaderFacts = {
  studyInstanceUid: '1.1',
  seriesInstanceUid: '1.1.1',
  sopInstanceUid: '1.1.1.1',
  instanceNumber: 1,
  imagesInAcquisition: null,
  numberOfSlices: null,
  position: [],
  orientation: '',
  isWhole: true,
};
const headed = (over: Partial<HeaderFacts> = {}): HeaderSighting => ({
  kind: 'header',
  header: { ...HEADER, ...over },
});
const NONE: HeaderSighting = { kind: 'none', reason: 'it is empty' };

function file(path: string, sighting = headed(), over: Partial<UnitFile> & { readonly bytes?: number } = {}): UnitFile {
  const { bytes = 10, ...rest } = over;
  return {
    path,
    stamp: { bytes, mtimeNs: 1n, ctimeNs: 1n, device: 1n, inode: 1n },
    sighting,
    broughtBy: null,
    ...rest,
  };
}

type Step = { readonly path: string; readonly put: UnitFile | null };

const paths = fc.constantFrom('a', 'b', 'd/a', 'd/b', 'd/e/a', 'f/a');
const steps = fc.array(
  fc
    .record({
      path: paths,
      gone: fc.constantFrom(false, false, false, true),
      study: fc.constantFrom('1.1', '1.2', null),
      series: fc.constantFrom('1.1.1', '1.1.2', '1.2.1', null),
      isHeaded: fc.constantFrom(true, true, false),
      bytes: fc.integer({ min: 1, max: 2 }),
      broughtBy: fc.constantFrom(null, 'd'),
    })
    .map(({ path, gone, study, series, isHeaded, bytes, broughtBy }): Step => {
      const sighting = isHeaded ? headed({ studyInstanceUid: study, seriesInstanceUid: series }) : NONE;
      return { path, put: gone ? null : file(path, sighting, { bytes, broughtBy }) };
    }),
  { maxLength: 30 },
);
const kinds = fc.constantFrom('series', 'study');

function play(unit: 'series' | 'study', history: readonly Step[]): UnitGroups {
  const groups = new UnitGroups(unit);
  for (const { path, put } of history) {
    if (put === null) groups.remove(path);
    else groups.put(put);
  }
  return groups;
}

function toState(groups: UnitGroups) {
  const keys = [...groups.keys].sort();
  return {
    units: keys.map((key) => [key, groups.filesOf(key), groups.siblingsOf(key)]),
    unassigned: [...groups.unassigned()].map((one) => one.join(': ')).sort(),
    files: groups.filesBelow(''),
  };
}

describe('grouping', () => {
  test('follows from the last word on every path, whatever the order of the paths', () => {
    fc.assert(
      fc.property(kinds, steps, fc.infiniteStream(fc.nat(5)), (unit, history, choices) => {
        const byPath = new Map<string, Step[]>();
        for (const step of history) byPath.set(step.path, [...(byPath.get(step.path) ?? []), step]);
        const queues = [...byPath.values()].map((queue) => [...queue]);
        const shuffled: Step[] = [];
        while (queues.some((queue) => queue.length > 0)) {
          const step =
            queues[(choices.next().value ?? 0) % queues.length]?.shift() ?? queues.find((q) => q.length > 0)?.shift();
          if (step !== undefined) shuffled.push(step);
        }
        expect(toState(play(unit, shuffled))).toEqual(toState(play(unit, history)));
      }),
    );
  });

  test('a word that is repeated touches nothing', () => {
    fc.assert(
      fc.property(kinds, steps, (unit, history) => {
        const groups = play(unit, history);
        for (const known of groups.filesBelow('')) expect(groups.put(known)).toEqual([]);
      }),
    );
  });

  test('holds every file once: in the unit of its header, or told as unassigned', () => {
    fc.assert(
      fc.property(kinds, steps, (unit, history) => {
        const groups = play(unit, history);
        const inUnits = [...groups.keys].flatMap((key) => groups.filesOf(key).map(({ path }) => path));
        const all = [...inUnits, ...groups.unassigned().keys()].sort();
        expect(all).toEqual(
          groups
            .filesBelow('')
            .map(({ path }) => path)
            .sort(),
        );
        for (const key of groups.keys) {
          for (const { sighting } of groups.filesOf(key))
            expect(toAssignment(sighting, unit)).toEqual({ kind: 'unit', key });
        }
      }),
    );
  });

  test('every change names the units that it touched', () => {
    fc.assert(
      fc.property(kinds, steps, (unit, history) => {
        const groups = new UnitGroups(unit);
        for (const { path, put } of history) {
          const before = new Map([...groups.keys].map((key) => [key, groups.filesOf(key)]));
          const touched = new Set(put === null ? groups.remove(path) : groups.put(put));
          const others = [...new Set([...before.keys(), ...groups.keys])].filter((key) => !touched.has(key));
          for (const key of others) expect(groups.filesOf(key)).toEqual(before.get(key) ?? []);
        }
      }),
    );
  });

  test('a file whose header changes moves to its new unit, and both are told', () => {
    const groups = new UnitGroups('series');
    expect(groups.put(file('a'))).toEqual(['series/1.1.1']);
    expect(groups.put(file('a', headed({ seriesInstanceUid: '9' }), { bytes: 20 }))).toEqual([
      'series/1.1.1',
      'series/9',
    ]);
    expect(groups.filesOf('series/1.1.1')).toEqual([]);
  });

  test('a directory goes with all below it, and with the names in it that are not final', () => {
    const groups = new UnitGroups('study');
    for (const path of ['d/a', 'd/e/b', 'dd/c']) groups.put(file(path));
    groups.putUnfinished('d/x.tmp');
    groups.putOther('d/link', 'it is not a regular file');
    expect(groups.unfinishedBelow('d')).toEqual(['d/x.tmp']);
    expect(groups.remove('d')).toEqual(['study/1.1']);
    expect(groups.filesOf('study/1.1').map(({ path }) => path)).toEqual(['dd/c']);
    expect(groups.unfinished()).toEqual([]);
    expect(groups.unassigned().size).toBe(0);
  });

  test('series of one study are siblings; those without a study are nobody’s', () => {
    const groups = new UnitGroups('series');
    groups.put(file('a'));
    groups.put(file('b', headed({ seriesInstanceUid: '1.1.2' })));
    groups.put(file('c', headed({ seriesInstanceUid: '7', studyInstanceUid: null })));
    groups.put(file('d', headed({ seriesInstanceUid: '8', studyInstanceUid: null })));
    expect(groups.siblingsOf('series/1.1.1')).toEqual(['series/1.1.2']);
    expect(groups.siblingsOf('series/7')).toEqual([]);
  });

  test('a file that speaks for others is nobody’s and not told of', () => {
    const groups = new UnitGroups('series', new Set(['.done']));
    expect(groups.put(file('d/.done', NONE))).toEqual([]);
    expect(groups.unassigned().size).toBe(0);
    expect(groups.filesBelow('d')).toHaveLength(1);
  });

  test.each([
    ['no UID', { seriesInstanceUid: null }, 'its header has no SeriesInstanceUID'],
    ['one that could leave its line', { seriesInstanceUid: '1\n2' }, 'its header has no usable SeriesInstanceUID'],
    ['one that is a path', { seriesInstanceUid: '../1' }, 'its header has no usable SeriesInstanceUID'],
    ['one that looks unfinished', { seriesInstanceUid: '1.tmp' }, 'its header has no usable SeriesInstanceUID'],
  ])('a header with %s makes no unit', (_, over, reason) => {
    expect(toAssignment(headed(over), 'series')).toEqual({ kind: 'unassigned', reason });
  });
});

describe('the proof of a rename', () => {
  const brought = (path: string, by: string | null, series = '1.1.1') =>
    file(path, headed({ seriesInstanceUid: series }), { broughtBy: by });

  test('holds for a series when renames brought all of its files', () => {
    expect(toArrival([brought('d/a', 'd'), brought('e/b', 'e')], 'series')).toBe('renamed');
    expect(toArrival([brought('d/a', 'd'), brought('d/b', null)], 'series')).toBe('found');
  });

  test('holds for a study only when one directory brought several of its series', () => {
    expect(toArrival([brought('d/a', 'd'), brought('d/b', 'd')], 'study')).toBe('found');
    expect(toArrival([brought('d/a', 'd'), brought('d/b', 'd', '1.1.2')], 'study')).toBe('renamed');
    expect(toArrival([brought('d/a', 'd'), brought('e/b', 'e', '1.1.2')], 'study')).toBe('found');
  });

  test('stays with a file that is seen again, and goes with a change', () => {
    const groups = new UnitGroups('series');
    groups.put(brought('d/a', 'd'));
    groups.put(brought('d/a', null));
    expect(groups.get('d/a')?.broughtBy).toBe('d');
    groups.put(file('d/a', headed(), { bytes: 99 }));
    expect(groups.get('d/a')?.broughtBy).toBe(null);
  });
});
