import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSyntheticStudy } from './synthetic-study.ts';
import { openTempDir } from './temp-dir.ts';

test('the same seed writes the same bytes, another seed other UIDs', async () => {
  await using dir = await openTempDir();
  const first = await writeSyntheticStudy(join(dir.path, 'a'), { seed: 7 });
  const again = await writeSyntheticStudy(join(dir.path, 'b'), { seed: 7 });
  const other = await writeSyntheticStudy(join(dir.path, 'c'), { seed: 8 });
  expect(again.sopInstanceUids).toEqual(first.sopInstanceUids);
  expect(other.studyInstanceUid).not.toBe(first.studyInstanceUid);
  const contents = await Promise.all([...first.files, ...again.files].map((path) => readFile(path)));
  expect(contents.slice(3)).toEqual(contents.slice(0, 3));
  expect(contents[0]).not.toEqual(contents[1]);
});

test('an abort stops between two files and keeps what was written', async () => {
  await using dir = await openTempDir();
  const controller = new AbortController();
  const written: string[] = [];
  const study = writeSyntheticStudy(dir.path, {
    fileDelayMs: 60_000,
    signal: controller.signal,
    onFile: (path) => {
      written.push(path);
      controller.abort(new Error('enough'));
    },
  });
  await expect(study).rejects.toThrow('enough');
  expect(written).toHaveLength(1);
});
