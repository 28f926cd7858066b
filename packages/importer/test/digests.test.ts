import { createHash } from 'node:crypto';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHeaderFile } from '@sendit/dicom/node';
import { type HashPolicy, silentLogger } from '@sendit/model';
import { openTempDir, toDicomFile, writeSyntheticStudy } from '@sendit/testing';
import { xxhash128 } from 'hash-wasm';
import { expect, test } from 'vitest';
import { digestFile, loadHasher } from '../src/digest-file.ts';
import { importBatch, openInlineHeaders } from '../src/index.ts';
import { MemoryStore } from './memory-store.ts';

const never = new AbortController().signal;
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const FILE: HashPolicy = { scope: 'file', algorithm: 'xxh128' };
const HEADER: HashPolicy = { scope: 'header', algorithm: 'sha256' };

/** Where the data set begins: behind 132 bytes, the group length and what it counts. */
const toDatasetAt = (bytes: Uint8Array) => 144 + Buffer.from(bytes).readUInt32LE(140);

async function importDirectory(path: string, hash?: HashPolicy) {
  const store = new MemoryStore(path);
  const deps = { store, readers: openInlineHeaders(), logger: silentLogger, ...(hash && { policy: { hash } }) };
  await importBatch(store.job, deps, never);
  const [result] = store.results;
  if (result === undefined) throw new Error('Expected a commit');
  return result;
}

test('whole files are hashed, and the batch by the listing that sha256sum prints', async () => {
  await using dir = await openTempDir();
  const { files } = await writeSyntheticStudy(dir.path, { series: [{ instances: 2, rows: 400, columns: 400 }] });
  await writeFile(join(dir.path, 'notes.txt'), 'a note');
  const result = await importDirectory(dir.path, { scope: 'file', algorithm: 'sha256' });
  const digests = await Promise.all(files.map(async (file) => sha256(await readFile(file))));
  const first = await readFile(files[0] ?? '');
  const dataset = first.subarray(toDatasetAt(first));
  expect(result.instances[0]).toMatchObject({ digest: sha256(dataset), digestAlgorithm: 'sha256-dataset' });
  const lines = [
    `${digests[0]}  IM-0001-0001.dcm\n`,
    `${digests[1]}  IM-0001-0002.dcm\n`,
    `${sha256('a note')}  notes.txt\n`,
  ];
  expect(result).toMatchObject({ digest: sha256(lines.join('')), digestAlgorithm: 'sha256' });
  const byXxh = await importDirectory(dir.path, FILE);
  expect(byXxh.instances[0]).toMatchObject({ digest: await xxhash128(dataset), digestAlgorithm: 'xxh128-dataset' });
  expect(byXxh.digestAlgorithm).toBe('xxh128');
});

test('of scope header the data set before the pixel data counts, and nothing of what is not DICOM', async () => {
  await using dir = await openTempDir();
  const { files } = await writeSyntheticStudy(dir.path, { series: [{ instances: 1 }] });
  await writeFile(join(dir.path, 'notes.txt'), 'a note');
  const bytes = await readFile(files[0] ?? '');
  const pixelDataAt = bytes.indexOf(Buffer.of(0xe0, 0x7f, 0x10, 0x00));
  const before = await importDirectory(dir.path, HEADER);
  const digest = sha256(bytes.subarray(toDatasetAt(bytes), pixelDataAt));
  expect(before.instances).toMatchObject([{ digest, digestAlgorithm: 'sha256-dataset-header' }]);
  expect(before.digest).toBe(sha256(`${digest}  IM-0001-0001.dcm\n`));
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  await writeFile(files[0] ?? '', bytes);
  expect((await importDirectory(dir.path, HEADER)).digest).toBe(before.digest);
  const { instances } = await importDirectory(dir.path, FILE);
  expect(instances[0]?.digest).toBe(await xxhash128(bytes.subarray(toDatasetAt(bytes))));
});

test('the data set of a file without pixel data, and of a truncated one, is hashed whole', async () => {
  await using dir = await openTempDir();
  const report = toDicomFile({ SOPInstanceUID: '2.25.7', StudyInstanceUID: '2.25.2', SeriesInstanceUID: '2.25.3' });
  await writeFile(join(dir.path, 'a-report'), report);
  const { files } = await writeSyntheticStudy(join(dir.path, 'b'), { series: [{ instances: 1 }] });
  await truncate(files[0] ?? '', 4000);
  const { instances } = await importDirectory(dir.path, HEADER);
  const expected = [report, await readFile(files[0] ?? '')].map((bytes) => sha256(bytes.subarray(toDatasetAt(bytes))));
  expect(instances.map(({ digest }) => digest)).toEqual(expected);
});

test('a file that vanishes between its header and its digest has none, and keeps its record', async () => {
  await using dir = await openTempDir();
  const { files } = await writeSyntheticStudy(dir.path, { series: [{ instances: 1 }] });
  const path = Buffer.from(files[0] ?? '');
  const { header } = readHeaderFile(path, { checkTruncation: true });
  await rm(path);
  expect(digestFile(path, header, await loadHasher(FILE))).toEqual({ digest: null, datasetDigest: null });
});

test('without a policy nothing is hashed', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(dir.path, { series: [{ instances: 1 }] });
  const result = await importDirectory(dir.path);
  expect(result).toMatchObject({ digest: null, digestAlgorithm: null });
  expect(result.instances).toMatchObject([{ digest: null, digestAlgorithm: null }]);
});

test.each([
  ['header', 'duplicate-differs'],
  ['file', 'duplicate-differs'],
  ['none', 'duplicate-differs'],
] as const)(
  'duplicates of one size that differ in their pixels are told apart with %s digests',
  async (scope, code) => {
    await using dir = await openTempDir();
    const { files } = await writeSyntheticStudy(dir.path, { series: [{ instances: 1 }] });
    const bytes = await readFile(files[0] ?? '');
    await writeFile(join(dir.path, 'same'), bytes);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(join(dir.path, 'x-other'), bytes);
    const { findings } = await importDirectory(dir.path, { scope, algorithm: 'xxh128' });
    expect(findings.map((finding) => `${finding.code} ${finding.path}`).toSorted()).toEqual(
      ['duplicate-instance same', `${code} x-other`].toSorted(),
    );
  },
);
