import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportResult } from '@sendit/model';
import { openTempDir, toDicomFile } from '@sendit/testing';
import { expect, test } from 'vitest';
import { Grouping } from '../src/grouping.ts';
import type { FileRecord } from '../src/header-readers.ts';
import { IDS, importDirectory, toCodes } from './import-directory.ts';

const IMAGE = { ...IDS, SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', Modality: 'CT', Rows: 1, Columns: 40 };

/** An image, optionally truncated to `truncateAt` bytes. */
function toImageBytes(sopInstanceUid: string, truncateAt?: number, changes: Record<string, string> = {}) {
  const content = { ...IMAGE, SOPInstanceUID: sopInstanceUid, PixelData: new Uint8Array(80), ...changes };
  return toDicomFile(content, truncateAt === undefined ? {} : { truncateAt });
}

async function importFiles(files: Readonly<Record<string, Uint8Array>>): Promise<ImportResult> {
  await using dir = await openTempDir();
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(dir.path, path, '..'), { recursive: true });
    await writeFile(join(dir.path, path), bytes);
  }
  return await importDirectory(dir.path, { policy: { hash: { scope: 'header', algorithm: 'xxh128' } } });
}

test('a cut file that comes first in name order is a finding beside the whole one', async () => {
  const result = await importFiles({
    '.IM1.dcm.Xa9Kz1': toImageBytes('2.25.7', -40),
    'IM1.dcm': toImageBytes('2.25.7'),
    'IM2.dcm': toImageBytes('2.25.8'),
  });
  expect(result.instances.map(({ path, isWhole }) => [path, isWhole])).toEqual([
    ['IM1.dcm', true],
    ['IM2.dcm', true],
  ]);
  expect(toCodes(result)).toEqual(['truncated .IM1.dcm.Xa9Kz1', 'truncated-duplicate .IM1.dcm.Xa9Kz1']);
});

test('and so is one that comes after it', async () => {
  const result = await importFiles({ a: toImageBytes('2.25.7'), b: toImageBytes('2.25.7', -40) });
  expect(result.instances.map(({ path }) => path)).toEqual(['a']);
  expect(toCodes(result)).toEqual(['truncated b', 'truncated-duplicate b']);
});

test('a file that is cut before its study says nothing of the study, where it is whole beside it', async () => {
  const whole = toImageBytes('2.25.7');
  const cutAt = Buffer.from(whole).indexOf(Buffer.of(0x20, 0, 0x0d, 0));
  const result = await importFiles({ a: whole.subarray(0, cutAt + 10), b: whole });
  expect(result.studies).toMatchObject([{ studyInstanceUid: IDS.StudyInstanceUID }]);
  expect(toCodes(result)).toEqual(['truncated a', 'truncated-duplicate a']);
});

test('a cut file that no whole one stands beside is recorded, as not whole', async () => {
  const result = await importFiles({ a: toImageBytes('2.25.7', -40), b: toImageBytes('2.25.7', -50) });
  expect(result.instances).toMatchObject([{ path: 'a', isWhole: false }]);
  expect(toCodes(result)).toEqual(['duplicate-differs b', 'truncated a', 'truncated b']);
});

test('beyond what waits, a cut file is given in its turn and the whole one after it, and counts once', () => {
  const grouping = new Grouping('batch', { now: new Date(0) });
  const add = (path: string, uid: string, isCut: boolean) => {
    const attributes = { ...IDS, SOPInstanceUID: uid, Modality: 'CT', SOPClassUID: IMAGE.SOPClassUID };
    const found = { attributes, transferSyntaxUid: null, isTextGuessed: false, datasetAt: 10 };
    const header: FileRecord['header'] = isCut
      ? { kind: 'truncated', at: 0, ...found }
      : { kind: 'dicom', extent: 'whole', pixelDataAt: null, hasPrivate: false, ...found };
    const bytes = isCut ? 50 : 90;
    grouping.add({ path, bytes, header, mtimeMs: 0, hashMs: 0, digest: null, datasetDigest: null });
  };
  for (let index = 0; index < 1_000; index++) add(`waiting-${index}`, `2.25.1${index}`, true);
  add('cut', '2.25.7', true);
  expect(grouping.takeInstances()).toMatchObject([{ path: 'cut', isWhole: false }]);
  add('whole', '2.25.7', false);
  add('again', '2.25.7', true);
  expect(grouping.takeInstances()).toMatchObject([{ path: 'whole', isWhole: true }]);
  grouping.finish();
  expect(grouping.takeInstances()).toHaveLength(1_000);
  expect(grouping.instanceCount).toBe(1_001);
  const codes = grouping.findings.toSummaries().map(({ code, count }) => [code, count]);
  expect(codes).toContainEqual(['replaces-truncated', 1]);
});
