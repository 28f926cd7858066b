import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTempDir, type SyntheticAttributes, toDicomFile, writeSyntheticStudy } from '@sendit/testing';
import { expect, test } from 'vitest';
import { IDS, importDirectory, toCodes } from './import-directory.ts';

test('no finding holds a header value', async () => {
  await using dir = await openTempDir();
  const secret = 'SECRET';
  const file = toDicomFile({ PatientName: secret, PatientID: secret, SOPInstanceUID: secret, StudyDate: secret });
  await writeFile(join(dir.path, 'a'), file);
  await writeFile(join(dir.path, 'b'), file);
  await writeFile(join(dir.path, 'c'), file.subarray(0, -3));
  await writeFile(join(dir.path, 'd'), toDicomFile({ SOPInstanceUID: '2.25.1', StudyDate: '20240101' }));
  const result = await importDirectory(dir.path);
  expect(result.findings.length).toBeGreaterThan(3);
  expect(JSON.stringify([result.findings, result.reason])).not.toContain(secret);
});

test('of one SOPInstanceUID, a copy and other bytes are told apart', async () => {
  await using dir = await openTempDir();
  const study = await writeSyntheticStudy(dir.path, { series: [{ instances: 2 }] });
  const [first = '', second = ''] = study.files;
  await copyFile(first, join(dir.path, 'copy-same.dcm'));
  const changed = await readFile(second);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  await writeFile(join(dir.path, 'copy-other.dcm'), changed);
  await writeFile(join(dir.path, 'copy-longer.dcm'), Buffer.concat([changed, Buffer.alloc(2)]));
  expect(toCodes(await importDirectory(dir.path))).toEqual([
    'duplicate-differs copy-longer.dcm',
    'duplicate-differs copy-other.dcm',
    'duplicate-instance copy-same.dcm',
  ]);
});

test('what is found in the headers: patients, private data, dates, text, classes', async () => {
  await using dir = await openTempDir();
  const CT = '1.2.840.10008.5.1.4.1.1.2';
  const write = (name: string, attributes: SyntheticAttributes) =>
    writeFile(
      join(dir.path, name),
      toDicomFile({
        ...IDS,
        SOPClassUID: CT,
        SOPInstanceUID: `2.25.${name.charCodeAt(0)}`,
        Modality: 'CT',
        ...attributes,
      }),
    );
  await write('a', { PatientID: '1', StudyDate: '20260105', InstanceNumber: '1' });
  await write('b', { PatientID: '2', BurnedInAnnotation: 'YES', InstanceNumber: '2' });
  await write('c', {
    PatientID: '2',
    SpecificCharacterSet: 'ISO_IR 192',
    PatientName: Buffer.of(0x41, 0xff),
    InstanceNumber: '3',
  });
  await write('d', { PatientID: '2', SOPClassUID: '1.2.3', InstanceNumber: '4' });
  const result = await importDirectory(dir.path, { now: () => new Date('2026-01-01T00:00:00Z') });
  expect(toCodes(result)).toEqual([
    'burned-in b',
    'future-date a',
    'several-patients -',
    'undecodable-text c',
    'unexpected-sop-class d',
  ]);
  expect(JSON.stringify(result.findings)).not.toContain('1.2.3');
});

test('text beyond ASCII under no character set or an unknown one is one finding with its number', async () => {
  await using dir = await openTempDir();
  const StudyDescription = Buffer.from('Sch\u00e4del', 'utf8');
  const sets = { a: 'ISO_IR 192', b: 'UTF-8', c: 'FOO_1', d: '' };
  for (const [name, SpecificCharacterSet] of Object.entries(sets)) {
    const attributes = { ...IDS, SOPInstanceUID: `2.25.${name.charCodeAt(0)}`, StudyDescription, SpecificCharacterSet };
    await writeFile(join(dir.path, name), toDicomFile(attributes));
  }
  const result = await importDirectory(dir.path);
  expect(result.studies).toMatchObject([{ studyDescription: 'Sch\u00e4del' }]);
  expect(result.findings.filter(({ code }) => code === 'charset-guessed')).toEqual([
    { code: 'charset-guessed', severity: 'warning', path: 'c', message: expect.stringMatching(/guessed\. 2 times/) },
  ]);
});

test('a damaged image among many files that come beside images is named first', async () => {
  await using dir = await openTempDir();
  const study = await writeSyntheticStudy(dir.path, { series: [{ instances: 3 }] });
  for (let index = 0; index < 30; index++) await writeFile(join(dir.path, `._IM${index}.dcm`), Buffer.alloc(100, 5));
  await writeFile(study.files[1] ?? '', Buffer.alloc(4096));
  const { findings } = await importDirectory(dir.path);
  expect(findings.map(({ code, severity, path }) => [code, severity, path])).toEqual([
    ['missing-instance-numbers', 'warning', 'IM-0001-0001.dcm'],
    ['not-dicom', 'warning', 'IM-0001-0002.dcm'],
    ['side-files', 'info', '._IM0.dcm'],
  ]);
  expect(findings.at(-1)?.message).toMatch(/ 30 times in the batch\.$/);
});

test('a day and a time are one in whichever form they are written', async () => {
  await using dir = await openTempDir();
  const write = (name: string, StudyDate: string, StudyTime: string, PatientBirthDate: string) =>
    writeFile(
      join(dir.path, name),
      toDicomFile({ ...IDS, SOPInstanceUID: `2.25.${name}`, StudyDate, StudyTime, PatientBirthDate }),
    );
  await write('1', '2025.03.01', '10:11:12.5', '1970.02.03');
  await write('2', '20250301', '101112.5', '19700203');
  await write('3', '20250301', '101112.5', '2099.01.01');
  const result = await importDirectory(dir.path, { now: () => new Date('2026-01-01T00:00:00Z') });
  expect(result.status).toBe('DONE');
  expect(toCodes(result).filter((code) => !code.startsWith('unexpected-sop-class'))).toEqual(['future-date 3']);
  expect(result.studies).toMatchObject([
    { studyDate: '20250301', studyTime: '101112.5', patientBirthDate: '19700203' },
  ]);
});

test('what the filter excludes is a finding with its name, and a batch where nothing is left is EMPTY', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(dir.path, { series: [{ instances: 2 }, { modality: 'MR', instances: 2 }] });
  const filter = { modalities: ['CT'], imageTypes: ['AXIAL'], excludeBurnedIn: true };
  const result = await importDirectory(dir.path, { policy: { filter } });
  expect(result).toMatchObject({ status: 'DONE', files: 4, instances: [{}, {}], series: [{ modality: 'CT' }] });
  expect(toCodes(result)).toEqual(['excluded IM-0002-0001.dcm', 'excluded IM-0002-0002.dcm']);
  const none = await importDirectory(dir.path, { policy: { filter: { ...filter, modalities: ['PT'] } } });
  expect(none).toMatchObject({ status: 'EMPTY', instances: [], studies: [], series: [] });
  expect(none.findings).toHaveLength(4);
});
