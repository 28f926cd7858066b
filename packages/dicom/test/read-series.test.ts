import { mkdir, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { readSeries } from '../src/node.ts';

test('the files of a folder come as its series, in the order of their numbers, and what is none beside them', async () => {
  await using folder = await openTempDir();
  const series = [
    { modality: 'CT', instances: 11, rows: 4 },
    { modality: 'MR', instances: 2, rows: 4, description: 'T1' },
  ];
  const study = await writeSyntheticStudy(folder.path, { series, layout: 'by-series' });
  await writeFile(join(folder.path, 'notes.txt'), 'no image');
  await symlink(study.files[0] ?? '', join(folder.path, 'link.dcm'));
  const last = study.files.at(-1) ?? '';
  await truncate(last, (await stat(last)).size - 10);
  const content = await readSeries(folder.path, { tags: ['FrameOfReferenceUID', 'Modality'] });
  expect(
    content.series.map(({ files, modality, seriesInstanceUid }) => [seriesInstanceUid, modality, files.length]),
  ).toEqual([
    [study.seriesInstanceUids[0], 'CT', 11],
    [study.seriesInstanceUids[1], 'MR', 2],
  ]);
  const [ct, mr] = content.series;
  expect(ct?.files.map(({ attributes }) => attributes['InstanceNumber'])).toEqual(
    Array.from({ length: 11 }, (_, index) => String(index + 1)),
  );
  expect(ct?.studyInstanceUid).toBe(study.studyInstanceUid);
  expect(mr?.files.map(({ isWhole }) => isWhole)).toEqual([true, false]);
  expect(content.others.map(({ path, reason }) => [basename(path), reason])).toEqual([['notes.txt', 'not-dicom']]);
});

test('without `recursive` only what lies right in the folder is read', async () => {
  await using folder = await openTempDir();
  await mkdir(join(folder.path, 'below'));
  await writeSyntheticStudy(join(folder.path, 'below'), { series: [{ instances: 1 }] });
  expect(await readSeries(folder.path, { recursive: false })).toEqual({ series: [], others: [] });
});

test('what is no keyword is refused, and the signal ends it', async () => {
  await using folder = await openTempDir();
  await expect(readSeries(folder.path, { tags: ['EchoTime', 'Nonsense'] })).rejects.toThrow('got `Nonsense`');
  await expect(readSeries(folder.path, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  await expect(readSeries(join(folder.path, 'nowhere'))).rejects.toThrow('ENOENT');
});
