import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { readDroppedFiles } from './read-files.ts';

test('reads what the sender writes, and takes nothing else for an image', async () => {
  await using directory = await openTempDir();
  const study = await writeSyntheticStudy(directory.path, {
    series: [{ instances: 2 }, { instances: 1 }],
    layout: 'by-series',
  });
  await writeFile(join(directory.path, 'note.txt'), 'no image');
  const files = readDroppedFiles(directory.path);
  expect(files.map((file) => file.path)).toEqual([
    'note.txt',
    ...study.files.map((file) => file.slice(directory.path.length + 1)),
  ]);
  expect(files[0]).toMatchObject({ bytes: 8, uids: undefined });
  expect(files.flatMap((file) => file.uids?.sop ?? [])).toEqual(study.sopInstanceUids);
  expect(new Set(files.flatMap((file) => file.uids?.series ?? []))).toEqual(new Set(study.seriesInstanceUids));
  expect(files[1]?.uids).toMatchObject({ study: study.studyInstanceUid, studyDate: '20240102' });
});
