import { mkdir, mkdtemp, open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspect, waitUntilComplete } from '../src/node.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sendit-wait-'));
});
afterEach(() => rm(root, { recursive: true }));

const at = (...names: readonly string[]): string => join(root, ...names);

test('a directory is waited for until it is there and quiet', async () => {
  const waiting = waitUntilComplete(at('scan'), { quietMs: 300 });
  await mkdir(at('scan'));
  await writeFile(at('scan', 'a.dcm'), '1');
  expect(await waiting).toMatchObject({
    path: at('scan'),
    isComplete: true,
    grade: 'quiet',
    toFinish: [],
    files: 1,
    bytes: 1,
  });
});

test('nothing is complete while a file is open for writing, or a name is not final', async () => {
  await mkdir(at('scan'));
  await writeFile(at('scan', 'a.dcm'), '1');
  {
    await using _writing = await open(at('scan', 'a.dcm'), 'a');
    expect(await inspect(at('scan'), { quietMs: 0 })).toMatchObject({ isComplete: false, reason: /open for writing/ });
  }
  await rename(at('scan', 'a.dcm'), at('scan', 'a.dcm.part'));
  expect(await inspect(at('scan'), { quietMs: 0 })).toMatchObject({ isComplete: false, reason: /not final/ });
});

test('waiting ends with the reason of the signal', async () => {
  const stop = new AbortController();
  const waiting = waitUntilComplete(at('scan'), { signal: stop.signal });
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('a list that the sender left proves it at once, and is all that `strict` takes', async () => {
  await mkdir(at('scan'));
  await writeFile(at('scan', 'a.dcm'), '1');
  const options = { profile: 'strict', manifests: ['list.json'], quietMs: 60_000 } as const;
  expect(await inspect(at('scan'), options)).toMatchObject({ isComplete: false, grade: null });
  await writeFile(at('scan', 'list.json'), JSON.stringify({ files: [{ path: 'a.dcm', bytes: 1 }] }));
  expect(await waitUntilComplete(at('scan'), options)).toMatchObject({ isComplete: true, grade: 'manifest' });
  expect(await inspect(at('scan'), options)).toMatchObject({ isComplete: true, grade: 'manifest' });
});

test('a single look tells by the times of the files how long it has been quiet, and what is missing', async () => {
  await mkdir(at('scan'));
  await writeFile(at('scan', 'a.dcm'), '1');
  // The change time counts, which nobody can set back.
  await utimes(at('scan', 'a.dcm'), 1, 1);
  const young = await inspect(at('scan'));
  expect(young).toMatchObject({ isComplete: false, reason: 'not yet quiet for 15 s' });
  expect(young.toFinish).toContain('Leave it unchanged for 15 s.');
  expect(await inspect(at('scan'), { quietMs: 0 })).toMatchObject({ isComplete: true, grade: 'quiet' });
  expect(await inspect(at('nowhere'))).toMatchObject({ isComplete: false, files: 0, reason: 'it is not there' });
});

test('what goes by events alone, and what is no number, is refused', async () => {
  await expect(inspect(root, { profile: 'legacy' as never })).rejects.toThrow('safe or strict');
  await expect(waitUntilComplete(root, { quietMs: -1 })).rejects.toThrow('quietMs');
});
