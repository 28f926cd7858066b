import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir, toDicomFile, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { IDS, importDirectory } from './import-directory.ts';

test('a study becomes its study, series and instances', async () => {
  await using dir = await openTempDir();
  const study = await writeSyntheticStudy(join(dir.path, 'study1'), {
    layout: 'by-series',
    series: [{ instances: 2 }, { modality: 'MR', instances: 1, rows: 16 }],
  });
  const result = await importDirectory(join(dir.path, 'study1'));
  expect(result).toMatchObject({ status: 'DONE', reason: null, files: 3, findings: [] });
  expect(result.studies).toMatchObject([
    { studyInstanceUid: study.studyInstanceUid, studyDate: '20240102', patientId: 'SYN-0001', studyId: 'SYN1' },
  ]);
  expect(result.series).toMatchObject([
    { seriesInstanceUid: study.seriesInstanceUids[0], modality: 'CT', seriesNumber: 1, bodyPartExamined: 'CHEST' },
    { seriesInstanceUid: study.seriesInstanceUids[1], modality: 'MR', seriesNumber: 2, protocolName: 'SYNTHETIC MR' },
  ]);
  expect(result.instances.map(({ sopInstanceUid, path }) => [sopInstanceUid, path])).toEqual([
    [study.sopInstanceUids[0], 'series-1/IM-0001-0001.dcm'],
    [study.sopInstanceUids[1], 'series-1/IM-0001-0002.dcm'],
    [study.sopInstanceUids[2], 'series-2/IM-0002-0001.dcm'],
  ]);
  expect(result.instances[2]).toMatchObject({ instanceNumber: 1, transferSyntaxUid: '1.2.840.10008.1.2.1' });
  expect(result.bytes).toBe(result.instances.reduce((sum, { bytes }) => sum + bytes, 0));
});

test('missing ids fall back to the name of the directory', async () => {
  await using dir = await openTempDir();
  const directory = join(dir.path, 'landing7');
  await mkdir(directory);
  await writeFile(join(directory, 'a'), toDicomFile({ SOPInstanceUID: '2.25.1' }));
  await writeFile(
    join(directory, 'b'),
    toDicomFile({ SOPInstanceUID: '2.25.2', StudyInstanceUID: '2.25.9', SeriesInstanceUID: '' }),
  );
  const result = await importDirectory(directory);
  expect(
    result.instances.map(({ series }) => [
      result.series[series]?.studyInstanceUid,
      result.series[series]?.seriesInstanceUid,
    ]),
  ).toEqual([
    ['study_landing7', 'series_landing7'],
    ['2.25.9', 'series_landing7'],
  ]);
  expect(result.series).toHaveLength(2);
  expect(result.findings.filter(({ code }) => code === 'missing-ids')).toEqual([
    expect.objectContaining({
      code: 'missing-ids',
      path: null,
      message: expect.stringMatching(/^1 .*StudyInstanceUID/),
    }),
    expect.objectContaining({
      code: 'missing-ids',
      path: null,
      message: expect.stringMatching(/^2 .*SeriesInstanceUID/),
    }),
  ]);
});

test('more than one study date is a warning, and ends the batch in ERROR with its rows written where that is an error', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(join(dir.path, 'a'), { seed: 1, studyDate: '20240101' });
  await writeSyntheticStudy(join(dir.path, 'b'), { seed: 2, studyDate: '20240102' });
  const result = await importDirectory(dir.path);
  expect(result).toMatchObject({ status: 'DONE', reason: null });
  expect(result.findings).toMatchObject([
    { code: 'several-studies', severity: 'warning', path: null },
    { code: 'several-study-dates', severity: 'warning', path: null },
  ]);
  const judged = await importDirectory(dir.path, {}, { findingPolicy: { 'several-study-dates': 'error' } });
  expect(judged).toMatchObject({ status: 'ERROR', reason: 'The batch has 2 different StudyDates.' });
  expect(judged.findings).toMatchObject([{ code: 'several-study-dates', severity: 'error' }, { severity: 'warning' }]);
  const policy = { findingPolicy: { 'several-study-dates': 'error' }, isAccepted: true } as const;
  expect(await importDirectory(dir.path, {}, policy)).toMatchObject({ status: 'DONE', reason: null });
  expect(judged.studies).toHaveLength(2);
  expect(judged.instances).toHaveLength(6);
});

test('findings are as bad as the policy of the watch path says, and not told where they are off', async () => {
  await using dir = await openTempDir();
  await writeFile(join(dir.path, 'a'), 'nothing here');
  await writeFile(join(dir.path, 'b'), '');
  expect((await importDirectory(dir.path)).findings).toHaveLength(2);
  const findingPolicy = { 'not-dicom': 'error', 'empty-file': 'off' } as const;
  expect(await importDirectory(dir.path, {}, { findingPolicy })).toMatchObject({
    status: 'ERROR',
    reason: 'It has findings that are errors: not-dicom.',
    findings: [{ code: 'not-dicom', severity: 'error', path: 'a' }],
  });
});

test('a directory without an image is EMPTY', async () => {
  await using dir = await openTempDir();
  expect(await importDirectory(dir.path)).toMatchObject({ status: 'EMPTY', files: 0, findings: [] });
  await writeFile(join(dir.path, 'readme'), 'nothing here');
  expect(await importDirectory(dir.path)).toMatchObject({
    status: 'EMPTY',
    files: 1,
    findings: [{ code: 'side-files' }],
  });
});

test('gaps in what the first file says are filled from the next, and nothing is overruled', async () => {
  await using dir = await openTempDir();
  const write = (name: string, uid: string, more: object) =>
    writeFile(join(dir.path, name), toDicomFile({ ...IDS, SOPInstanceUID: uid, ...more }));
  await write('1', '2.25.11', { PatientID: 'FIRST', InstanceNumber: '1.5', SeriesNumber: '99999999999' });
  await write('2', '2.25.12', { PatientID: 'SECOND', StudyDate: '20240101', SeriesNumber: '4' });
  const result = await importDirectory(dir.path);
  expect(result.studies).toMatchObject([{ patientId: 'FIRST', studyDate: '20240101' }]);
  expect(result.series).toMatchObject([{ seriesNumber: 4 }]);
  expect(result.instances[0]?.instanceNumber).toBeNull();
});

test('extra attributes are kept of each instance that has them', async () => {
  await using dir = await openTempDir();
  await writeFile(join(dir.path, 'a'), toDicomFile({ ...IDS, SOPInstanceUID: '2.25.1', SliceThickness: '1.25 ' }));
  await writeFile(join(dir.path, 'b'), toDicomFile({ ...IDS, SOPInstanceUID: '2.25.2', PatientName: 'A^B' }));
  const { instances } = await importDirectory(dir.path, {
    policy: { extra: ['SliceThickness', 'PatientName', 'NoSuchKeyword'] },
  });
  expect(instances.map(({ attributes }) => attributes)).toEqual([{ SliceThickness: '1.25' }, { PatientName: 'A^B' }]);
  expect((await importDirectory(dir.path)).instances[0]?.attributes).toBeNull();
});
