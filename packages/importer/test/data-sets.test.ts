import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HashPolicy } from '@sendit/model';
import { type DicomFileOptions, openTempDir, toDicomFile } from '@sendit/testing';
import { expect, test } from 'vitest';
import { IDS, importDirectory, toCodes } from './import-directory.ts';

const POLICIES: readonly HashPolicy[] = [
  { scope: 'none', algorithm: 'xxh128' },
  { scope: 'header', algorithm: 'xxh128' },
  { scope: 'file', algorithm: 'xxh128' },
];

const IMAGE = {
  ...IDS,
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
  SOPInstanceUID: '2.25.7',
  Modality: 'CT',
  Rows: 1,
  Columns: 4,
};

/** One image as two senders wrote it, and what an import finds. */
async function importBoth(options: readonly DicomFileOptions[], hash: HashPolicy, pixel = 0) {
  await using dir = await openTempDir();
  for (const [index, one] of options.entries()) {
    const PixelData = Uint8Array.of(1, 2, 3, index * pixel);
    const file = toDicomFile({ ...IMAGE, PixelData }, one);
    await writeFile(join(dir.path, `image-${index}`), file);
  }
  return await importDirectory(dir.path, { policy: { hash } });
}

test.each(POLICIES)('what only group 0002 tells apart is one image with digests of scope $scope', async (hash) => {
  const sent = [{ sender: 'MODALITY' }, { sender: 'PACS-ARCHIVE' }, { preamble: false }];
  const result = await importBoth(sent, hash);
  expect(toCodes(result)).toEqual(['duplicate-instance image-1', 'duplicate-instance image-2']);
  const other = await importBoth(sent, hash, 1);
  expect(toCodes(other)).toEqual(['duplicate-differs image-1', 'duplicate-differs image-2']);
});

test.each(POLICIES)('a data set without group 0002 is the one with it, with digests of scope $scope', async (hash) => {
  const result = await importBoth([{}, { meta: false, preamble: false }], hash);
  expect(toCodes(result)).toEqual(['duplicate-instance image-1']);
});

test.each(POLICIES)('of scope $scope an instance has one digest, whoever sent it', async (hash) => {
  const [one, other] = [await importBoth([{ sender: 'A' }], hash), await importBoth([{ sender: 'BCDEFG' }], hash)];
  const [first, again] = [...one.instances, ...other.instances];
  expect(again?.bytes).not.toBe(first?.bytes);
  expect(again).toEqual({ ...first, bytes: again?.bytes });
});

test('another transfer syntax is another file of the instance, and said to be one', async () => {
  const { findings } = await importBoth([{ syntax: 'explicit-le' }, { syntax: 'explicit-be' }], {
    scope: 'none',
    algorithm: 'xxh128',
  });
  expect(findings).toMatchObject([
    { code: 'duplicate-differs', path: 'image-1', message: expect.stringContaining('another transfer syntax') },
  ]);
});

test('one SOPInstanceUID in two series of a batch is said to be in two', async () => {
  await using dir = await openTempDir();
  const series = ['2.25.71', '2.25.72'];
  for (const [index, SeriesInstanceUID] of series.entries()) {
    const PixelData = Uint8Array.of(1, 2, 3, 4);
    await writeFile(join(dir.path, `image-${index}`), toDicomFile({ ...IMAGE, SeriesInstanceUID, PixelData }));
  }
  const { findings } = await importDirectory(dir.path, { policy: { hash: { scope: 'file', algorithm: 'xxh128' } } });
  expect(findings).toMatchObject([
    { code: 'duplicate-differs', path: 'image-1', message: expect.stringContaining('another series of this batch') },
  ]);
});
