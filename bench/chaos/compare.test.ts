import { describe, expect, test } from 'vitest';
import { compare, type DroppedDirectory } from './compare.ts';
import type { EffectNote } from './effects.ts';
import type { DatabaseFacts } from './read-database.ts';
import type { DroppedFile } from './read-files.ts';

interface World {
  readonly dropped: DroppedDirectory[];
  readonly facts: { -readonly [K in keyof DatabaseFacts]: DatabaseFacts[K][number][] };
  readonly effects: { readonly notes: EffectNote[]; readonly copies: Map<string, DroppedFile[]> };
}

const LIFE = ['sealed', 'NEW>QUEUE', 'QUEUE>PROCESSING', 'PROCESSING>DONE'];
const image = (name: string, index: number) => ({
  sop: `${name}.${index}`,
  series: `${name}.s`,
  study: `${name}.t`,
  studyDate: '20240102',
  dataset: name,
});

/** Two directories of two images and a bad file each, imported and handed on as they should be, and one that must not be sealed. */
function cleanWorld(): World {
  const names = ['A', 'B'];
  const dropped: DroppedDirectory[] = names.map((name) => ({
    path: `/data/${name}`,
    finished: true,
    files: [
      ...[1, 2].map((index) => ({ path: `${index}.dcm`, bytes: 100 + index, sha256: name, uids: image(name, index) })),
      { path: 'broken.dcm', bytes: 7, sha256: 'x', uids: undefined },
    ],
  }));
  dropped.push({ path: '/data/C.tmp', finished: false, files: [] });
  return {
    dropped,
    facts: {
      batches: names.map((name, index) => ({
        id: index + 1,
        path: `/data/${name}`,
        status: 'DONE',
        reason: null,
        files: 3,
        bytes: 210,
        studies: 1,
        series: 1,
        instances: 2,
      })),
      instances: names.flatMap((name, batch) =>
        [1, 2].map((index) => {
          const { sop, series, study } = image(name, index);
          return { batchId: batch + 1, path: `${index}.dcm`, bytes: 100 + index, digest: name, sop, series, study };
        }),
      ),
      findings: names.map((_, batch) => ({ batchId: batch + 1, path: 'broken.dcm' })),
      studies: names.map((name) => `${name}.t`),
      series: names.map((name) => `${name}.t ${name}.s`),
      journal: names.flatMap((_, batch) => [
        ...LIFE.map((what) => ({ batchId: batch + 1, what, rows: 1 })),
        { batchId: batch + 1, what: 'instances', rows: 2 },
      ]),
      outbox: [],
      manifest: names.flatMap((_, batch) => [
        ...[1, 2].map((index) => ({ batchId: batch + 1, path: `${index}.dcm`, bytes: 100 + index })),
        { batchId: batch + 1, path: 'broken.dcm', bytes: 7 },
      ]),
      actions: names.flatMap((name, batch) =>
        ['exec', 'copy'].map((kind) => ({ id: `${kind}-${name}`, batchId: batch + 1, kind, state: 'done' })),
      ),
    },
    effects: {
      notes: names.map((name, batch) => ({ key: `exec-${name}`, batchId: batch + 1 })),
      copies: new Map(dropped.slice(0, 2).map(({ path, files }) => [path.slice('/data/'.length), [...files]])),
    },
  };
}

function verdictOf(plant: (world: World) => void) {
  const world = cleanWorld();
  plant(world);
  const { lost, doubled, half, done } = compare(world.dropped, world.facts, world.effects);
  return { lost, doubled, half, done };
}

test('nothing is found where everything is right', () => {
  const { dropped, facts, effects } = cleanWorld();
  expect(compare(dropped, facts, effects)).toEqual({
    dropped: 2,
    sealed: 2,
    done: 2,
    quarantined: 0,
    lost: 0,
    doubled: 0,
    half: 0,
    repeats: 0,
    problems: [],
  });
});

test('a command that ran again with the key it had is counted, and no double', () => {
  const { dropped, facts, effects } = cleanWorld();
  effects.notes.push(first(effects.notes));
  expect(compare(dropped, facts, effects)).toMatchObject({ done: 2, doubled: 0, repeats: 1, problems: [] });
});

describe('a planted loss is found', () => {
  test.each<[string, (world: World) => void]>([
    ['a directory that was never sealed', ({ facts }) => void facts.batches.shift()],
    ['a batch that is stuck', ({ facts }) => change(facts.batches, { status: 'QUEUE' })],
    [
      'a batch that failed for no fault of its own',
      ({ facts }) => change(facts.batches, { status: 'ERROR', reason: 'x' }),
    ],
    ['a batch set aside without a reason', ({ facts }) => change(facts.batches, { status: 'QUARANTINED' })],
    [
      'a batch that waits for files that are there',
      ({ facts }) => change(facts.batches, { status: 'HELD', reason: 'x' }),
    ],
    ['a message that nobody has taken', ({ facts }) => void facts.outbox.push(1)],
    ['a command that is recorded as done and never ran', ({ effects }) => void effects.notes.shift()],
    ['an action that failed', ({ facts }) => change(facts.actions, { state: 'failed' })],
    ['an action that was never planned', ({ facts }) => void facts.actions.splice(1, 1)],
    ['a file that was not copied', ({ effects }) => void copyOfA(effects).pop()],
  ])('%s', (_, plant) => {
    expect(verdictOf(plant).lost).toBe(1);
  });
});

describe('a planted double is found', () => {
  test.each<[string, (world: World) => void]>([
    ['two batches of one directory', ({ facts }) => void facts.batches.push({ ...first(facts.batches), id: 9 })],
    [
      'an import that was written twice over',
      ({ facts }) => void facts.journal.push({ batchId: 1, what: 'instances', rows: 2 }),
    ],
    [
      'a batch that ended twice',
      ({ facts }) => void facts.journal.push({ batchId: 1, what: 'PROCESSING>DONE', rows: 1 }),
    ],
    ['a change that no table has', ({ facts }) => void facts.journal.push({ batchId: 1, what: 'DONE>QUEUE', rows: 1 })],
    ['a second seal', ({ facts }) => void facts.journal.push({ batchId: 1, what: 'sealed', rows: 1 })],
    ['two rows of one study', ({ facts }) => void facts.studies.push('A.t')],
    ['two rows of one series', ({ facts }) => void facts.series.push('A.t A.s')],
    ['a study that nobody dropped', ({ facts }) => void facts.studies.push('Z.t')],
    ['two findings about one file', ({ facts }) => void facts.findings.push(first(facts.findings))],
    [
      'a transfer that was not finished',
      ({ facts }) => void facts.batches.push({ ...first(facts.batches), id: 9, path: '/data/C.tmp' }),
    ],
    [
      'one action under two keys',
      ({ effects }) => void effects.notes.push({ ...first(effects.notes), key: 'another' }),
    ],
    ['a command run for a batch that is not there', ({ effects }) => void effects.notes.push({ key: 'x', batchId: 8 })],
    ['a copy of what is no batch', ({ effects }) => void effects.copies.set('Z', [])],
    [
      'a batch that was handed on without being DONE',
      ({ facts }) => change(facts.batches, { status: 'QUARANTINED', reason: 'x' }),
    ],
  ])('%s', (_, plant) => {
    expect(verdictOf(plant).doubled).toBe(1);
  });
});

describe('a planted half is found', () => {
  test.each<[string, (world: World) => void]>([
    ['an image without a row', ({ facts }) => void facts.instances.shift()],
    ['an image of another size', ({ facts }) => change(facts.instances, { bytes: 1 })],
    ['an image of other bytes', ({ facts }) => change(facts.instances, { digest: 'other' })],
    ['a list that was sealed too early', ({ facts }) => void facts.manifest.shift()],
    ['an image under another series', ({ facts }) => change(facts.instances, { series: 'B.s' })],
    ['a count that is not true', ({ facts }) => change(facts.batches, { instances: 1 })],
    ['a file left out of the count', ({ facts }) => change(facts.batches, { files: 2 })],
    ['an unreadable file that nobody is told of', ({ facts }) => void facts.findings.shift()],
    ['a directory with images that ended EMPTY', ({ facts }) => change(facts.batches, { status: 'EMPTY' })],
    ['a copy of other bytes', ({ effects }) => change(copyOfA(effects), { sha256: 'other' })],
    [
      'an unfinished file left beside the copies',
      ({ effects }) => void copyOfA(effects).push({ ...first(copyOfA(effects)), path: '.sendit-1' }),
    ],
  ])('%s', (_, plant) => {
    expect(verdictOf(plant).half).toBe(1);
  });
});

test('what is set aside with a reason is counted, and neither done nor lost', () => {
  const world = cleanWorld();
  change(world.facts.batches, { status: 'QUARANTINED', reason: 'its process died 11 times' });
  world.facts.actions.splice(0, 2);
  world.effects.notes.shift();
  world.effects.copies.delete('A');
  expect(compare(world.dropped, world.facts, world.effects)).toMatchObject({
    done: 1,
    quarantined: 1,
    lost: 0,
    doubled: 0,
    half: 0,
  });
});

function copyOfA({ copies }: World['effects']): DroppedFile[] {
  return copies.get('A') ?? [];
}

function first<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row');
  return row;
}

function change<T>(rows: T[], fields: Partial<T>): void {
  rows[0] = { ...first(rows), ...fields };
}
