import { DEFAULT_NAMES } from '@sendit/detector';
import type { FileKind } from '@sendit/detector/node';
import { ManualClock, settle } from '@sendit/testing';
import { expect, test } from 'vitest';
import { LeftAlone, looksLikePerson, toLooseReason } from './left-alone.ts';

function setUp(kinds: Record<string, FileKind>) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const controller = new AbortController();
  const alone = new LeftAlone({
    prefix: '/data/',
    testPrefix: 'test',
    names: DEFAULT_NAMES,
    settleMs: 1_000,
    clock,
    readKind: async (path) => {
      asked.push(path);
      return kinds[path.slice('/data/'.length)] ?? 'other';
    },
  });
  const running = alone.run(controller.signal);
  const listed = (): readonly string[] => alone.pending().map(({ name }) => name);
  const stop = async (): Promise<void> => {
    controller.abort();
    await running;
  };
  return { alone, asked, clock, kinds, listed, stop };
}

test('a DICOM file or an archive right in the watch path is told once it has settled, with what to do', async () => {
  const { alone, clock, listed, stop } = setUp({ 'a.dcm': 'dicom', 'b.zip': 'zip', 'README.txt': 'other' });
  for (const name of ['a.dcm', 'b.zip', 'README.txt', '.DS_Store', 'c.dcm.part']) alone.tellFile(name);
  await settle();
  expect(listed()).toEqual([]);
  await clock.advance(1_000);
  expect(alone.pending()).toMatchObject([
    { name: 'a.dcm', path: '/data/a.dcm', outcome: 'skipped', reason: toLooseReason('dicom') },
    { name: 'b.zip', outcome: 'skipped', reason: toLooseReason('zip') },
  ]);
  expect(alone.problems).toEqual([
    '2 files lie right in the watch path and are not taken: `sendit watcher pending` lists them. Set `unit: study`, or put them into directories.',
  ]);
  alone.forget('a.dcm');
  expect(listed()).toEqual(['b.zip']);
  await stop();
});

test('a scan adds what no event told of and drops what is gone; what was looked at is not read again unless an event tells of it', async () => {
  const { alone, asked, clock, kinds, listed, stop } = setUp({ 'a.dcm': 'dicom', notes: 'other' });
  alone.seeFiles(['a.dcm', 'notes']);
  await clock.advance(1_000);
  alone.seeFiles(['a.dcm', 'notes']);
  await clock.advance(1_000);
  expect([listed(), asked]).toEqual([['a.dcm'], ['/data/a.dcm', '/data/notes']]);
  kinds['notes'] = 'zip';
  alone.tellFile('notes');
  await clock.advance(1_000);
  expect(listed()).toEqual(['a.dcm', 'notes']);
  alone.seeFiles(['notes']);
  expect(listed()).toEqual(['notes']);
  await stop();
});

test('directories of tests are listed as such; only names that look like a person’s are a problem', async () => {
  const { alone, stop } = setUp({});
  alone.seeTests(['test_1', 'TEST', 'test-phantom']);
  expect(alone.problems).toEqual([]);
  alone.addTest('Testa^Maria');
  expect(alone.pending().map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'test_1 skipped',
    'TEST skipped',
    'test-phantom skipped',
    'Testa^Maria skipped',
  ]);
  expect(alone.problems).toEqual([
    expect.stringMatching(/^1 directory is left alone as tests .* look like a person's/),
  ]);
  expect(alone.problems.join()).not.toContain('Maria');
  alone.seeTests(['test_1']);
  expect([alone.pending().length, alone.problems]).toEqual([1, []]);
  await stop();
});

test.each([
  ['Testa^Maria', true],
  ['testino', true],
  ['TEST^A', true],
  ['test', false],
  ['test_1', false],
  ['test 2', false],
  ['test1', false],
  ['Testür', true],
])('%s looks like a person: %s', (name, answer) => {
  expect(looksLikePerson(name, 'test')).toBe(answer);
  expect(looksLikePerson(name, false)).toBe(false);
});
