import { chmod, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { profile, replayDecision } from '../src/index.ts';
import { reconstructRecording } from '../src/node.ts';
import { asNobody } from './nobody.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sendit-reconstruct-'));
});
afterEach(() => rm(root, { recursive: true }));

const { signal } = new AbortController();

test('files are told one after the other, in the order in which they came, whatever their modification times', async () => {
  const folder = join(root, 'scan');
  await mkdir(folder);
  for (const name of ['b', 'a', 'c']) {
    await writeFile(join(folder, name), 'content');
    await utimes(join(folder, name), 1_000, 1_000);
  }
  const { sight, source, steps } = await reconstructRecording(folder, signal);
  expect([sight, source]).toEqual([{ name: 'scan', arrival: 'created' }, 'reconstructed']);
  const files = steps.flatMap((step) => (step.kind === 'look' ? [step.listing.files] : []));
  expect(files).toEqual(files.toSorted((one, other) => one - other));
  expect(files.at(-1)).toBe(3);
  const times = steps.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
});

test('a directory whose name is newer than all that is in it is taken for renamed, and legacy for satisfied', async () => {
  await mkdir(join(root, 'scan.tmp'));
  await writeFile(join(root, 'scan.tmp', 'a'), 'content');
  // File systems keep time in steps of some ms: the rename must fall into a later one.
  await new Promise((resolve) => setTimeout(resolve, 20));
  await rename(join(root, 'scan.tmp'), join(root, 'scan'));
  const recording = await reconstructRecording(join(root, 'scan'), signal);
  expect(recording).toMatchObject({ sight: { arrival: 'renamed' }, steps: [{ at: 0, listing: { files: 1 } }] });
  expect(replayDecision(recording, profile('legacy'), { quietMs: 15_000 })).toMatchObject({ grade: 'renamed', at: 0 });
});

test('nothing, or a file, has no past', async () => {
  expect((await reconstructRecording(join(root, 'none'), signal)).steps).toEqual([]);
});

test('what cannot be read has no past that is known: the directory was as unreadable then', async () => {
  await mkdir(join(root, 'scan/deep'), { recursive: true });
  await writeFile(join(root, 'scan/a'), 'content');
  await writeFile(join(root, 'scan/deep/b'), 'content');
  await chmod(root, 0o755);
  // Names without entry: they are listed, and nothing is told of them.
  await chmod(join(root, 'scan/deep'), 0o744);
  const { steps } = await asNobody(() => reconstructRecording(join(root, 'scan'), signal));
  await chmod(join(root, 'scan/deep'), 0o755);
  const listings = steps.flatMap((step) => (step.kind === 'look' ? [step.listing] : []));
  expect(listings.at(-1)).toMatchObject({ files: 1, unreadable: 1, problemCodes: ['EACCES'] });
  const recording = { sight: { name: 'scan', arrival: 'created' }, source: 'reconstructed', steps } as const;
  expect(replayDecision(recording, profile('safe'), { quietMs: 15_000 })).toMatchObject({ grade: null });
});
