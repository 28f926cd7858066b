import { mkdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir } from '@sendit/testing';
import { expect, test } from 'vitest';
import { isKnownContent, type SealedSamples } from './known-content.ts';

async function aFile(folder: string, path: string, text: string) {
  await mkdir(join(folder, path, '..'), { recursive: true });
  await writeFile(join(folder, path), text);
  const { ino, mtimeNs, size } = await stat(join(folder, path), { bigint: true });
  return { path: path.slice(path.indexOf('/') + 1), bytes: Number(size), mtimeNs, inode: ino };
}

const samplesOf = (...samples: Awaited<ReturnType<SealedSamples['sampleThere']>>): SealedSamples => ({
  sampleThere: () => Promise.resolve(samples),
});

test('a folder with half of the sealed directories is known, whatever lies beside them', async () => {
  await using temp = await openTempDir();
  const file = await aFile(temp.path, 'A/1.dcm', 'abc');
  const there = { unit: 'directory', relativePath: 'A', files: [file] } as const;
  const absent = { unit: 'directory', relativePath: 'B', files: [file] } as const;
  expect(await isKnownContent(samplesOf(there, absent), '1', temp.path)).toBe(true);
  expect(await isKnownContent(samplesOf(there, absent, absent), '1', temp.path)).toBe(false);
});

test('a directory of the same name with other files is not known', async () => {
  await using temp = await openTempDir();
  const file = await aFile(temp.path, 'A/1.dcm', 'abc');
  const sample = samplesOf({ unit: 'directory', relativePath: 'A', files: [file] });
  await writeFile(join(temp.path, 'A/1.dcm'), 'other');
  expect(await isKnownContent(sample, '1', temp.path)).toBe(false);
  await writeFile(join(temp.path, 'A/1.dcm'), 'abc');
  await utimes(join(temp.path, 'A/1.dcm'), 1, 1);
  expect(await isKnownContent(sample, '1', temp.path)).toBe(false);
});

test('files of series lie below the watch path itself', async () => {
  await using temp = await openTempDir();
  const file = { ...(await aFile(temp.path, 'A/1.dcm', 'abc')), path: 'A/1.dcm' };
  expect(
    await isKnownContent(samplesOf({ unit: 'series', relativePath: 'series/1.2', files: [file] }), '1', temp.path),
  ).toBe(true);
});

test('where nothing is recorded nothing is known', async () => {
  await using temp = await openTempDir();
  expect(await isKnownContent(samplesOf(), '1', temp.path)).toBe(false);
  expect(await isKnownContent(samplesOf({ unit: 'directory', relativePath: '', files: [] }), '1', temp.path)).toBe(
    false,
  );
});
