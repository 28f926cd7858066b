import { expect, test } from 'vitest';
import { ManualClock, settle, createRecordingLogger } from '@sendit/testing';
import { MemoryFolder } from '../../test/memory-folder.ts';
import { MemoryStore } from '../../test/memory-store.ts';
import { createIntake } from '../intake.ts';
import type { Candidate } from '@sendit/processors';

/** Submits a backlog and then one more, and tells in which order they are looked at first, one at a time. */
async function orderOf(last: Omit<Candidate, 'name' | 'path'>): Promise<string[]> {
  const folder = new MemoryFolder();
  const looked: string[] = [];
  const intake = createIntake({
    root: { id: 'r1', name: 'data', path: '/data' },
    watchPath: { name: 'data', folder: '/data' },
    store: new MemoryStore(),
    lookAtFolder: (path, signal) => {
      looked.push(String(path));
      return folder.lookAtFolder(path, signal);
    },
    isUnchanged: (path, signature) => folder.isUnchanged(path, signature),
    readChildren: folder.readChildren,
    clock: new ManualClock(),
    logger: createRecordingLogger(),
    concurrency: 1,
  });
  const names = Array.from({ length: 20 }, (_, index) => `old${index}`);
  for (const name of [...names, 'new']) folder.directories.set(name, 'files');
  for (const name of names) intake.submit({ name, path: `/data/${name}`, arrival: 'found' });
  intake.submit({ name: 'new', path: '/data/new', ...last });
  const controller = new AbortController();
  const running = intake.run(controller.signal);
  await settle();
  controller.abort();
  await running;
  return looked;
}

test.each([
  ['a directory that was renamed', { arrival: 'renamed' }],
  ['one that an event told of', { arrival: 'found', isTold: true }],
] as const)('%s is looked at before a backlog that a scan found', async (_, last) => {
  expect((await orderOf(last))[0]).toBe('/data/new');
});

test('what a scan found later is looked at after it', async () => {
  const looked = await orderOf({ arrival: 'found' });
  expect(looked.indexOf('/data/new')).not.toBe(0);
  expect(looked[0]).toBe('/data/old0');
});
