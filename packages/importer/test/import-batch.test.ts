import { execFileSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchToImport, type Clock, type ImportResult, SenditError, silentLogger } from '@sendit/model';
import { openTempDir, type SyntheticAttributes, toDicomFile, writeSyntheticStudy } from '@sendit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HeaderReaders, type ImportDeps, importBatch, openInlineHeaders } from '../src/index.ts';
import { MemoryStore } from './memory-store.ts';

const never = new AbortController().signal;

/** Time stands still: two imports of one directory are equal. */
const clock: Clock = { now: () => 0, sleep: async () => undefined };

async function importDirectory(path: string, deps: Partial<ImportDeps> = {}): Promise<ImportResult> {
  const store = new MemoryStore(path);
  await importBatch(store.job, { store, readers: openInlineHeaders(), logger: silentLogger, clock, ...deps }, never);
  const [result] = store.results;
  if (result === undefined) throw new Error('Expected a commit');
  return result;
}

const codes = (result: ImportResult) => result.findings.map(({ code, path }) => `${code} ${path ?? '-'}`).toSorted();
const IDS = { StudyInstanceUID: '2.25.2', SeriesInstanceUID: '2.25.3' };

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

test('every bad file is a finding and the rest goes on', async () => {
  await using dir = await openTempDir();
  const at = (name: string) => join(dir.path, name);
  const study = await writeSyntheticStudy(dir.path, { series: [{ instances: 4 }] });
  const [first, second, third] = study.files;
  await truncate(second ?? '', 4000);
  await truncate(third ?? '', 200);
  await copyFile(first ?? '', at('copy-z.dcm'));
  await writeFile(at('empty.dcm'), '');
  await writeFile(at('notes.txt'), 'a note');
  await writeFile(at('nameless.dcm'), toDicomFile({ ...IDS, Modality: 'CT' }));
  await writeFile(at('dicomdir'), toDicomFile({ PatientID: 'x' }, { mediaStorageSopClassUid: '1.2.840.10008.1.3.10' }));
  await symlink(first ?? '', at('link.dcm'));
  execFileSync('mkfifo', [at('fifo.dcm')]);
  const result = await importDirectory(dir.path);
  expect(codes(result)).toEqual(
    [
      'duplicate-instance copy-z.dcm',
      'empty-file empty.dcm',
      'missing-instance-numbers IM-0001-0001.dcm',
      'no-instance-uid nameless.dcm',
      'not-a-regular-file fifo.dcm',
      'not-a-regular-file link.dcm',
      'not-dicom notes.txt',
      'truncated IM-0001-0002.dcm',
      'truncated IM-0001-0003.dcm',
    ].toSorted(),
  );
  expect(result.status).toBe('DONE');
  expect(result.instances.map(({ path }) => path)).toEqual([
    'IM-0001-0001.dcm',
    'IM-0001-0002.dcm',
    'IM-0001-0004.dcm',
  ]);
});

test.skipIf(process.getuid?.() === 0)(
  'a file and a folder without permission are findings (needs a user that is not root)',
  async () => {
    await using dir = await openTempDir();
    const study = await writeSyntheticStudy(dir.path, { layout: 'by-series', series: [{}, {}] });
    await chmod(study.files[0] ?? '', 0);
    await chmod(join(dir.path, 'series-2'), 0);
    const result = await importDirectory(dir.path);
    await chmod(join(dir.path, 'series-2'), 0o700);
    expect(codes(result)).toEqual(['unreadable series-1/IM-0001-0001.dcm', 'unreadable series-2']);
  },
);

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

test('more than one study date is an error on the batch, and its rows are written', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(join(dir.path, 'a'), { seed: 1, studyDate: '20240101' });
  await writeSyntheticStudy(join(dir.path, 'b'), { seed: 2, studyDate: '20240102' });
  const result = await importDirectory(dir.path);
  expect(result).toMatchObject({ status: 'ERROR', reason: 'The batch has 2 different StudyDates.' });
  expect(result.findings).toMatchObject([
    { code: 'several-studies', severity: 'warning', path: null },
    { code: 'several-study-dates', severity: 'error', path: null },
  ]);
  expect(result.studies).toHaveLength(2);
  expect(result.instances).toHaveLength(6);
});

test('a directory without an image is EMPTY', async () => {
  await using dir = await openTempDir();
  expect(await importDirectory(dir.path)).toMatchObject({ status: 'EMPTY', files: 0, findings: [] });
  await writeFile(join(dir.path, 'readme'), 'nothing here');
  expect(await importDirectory(dir.path)).toMatchObject({
    status: 'EMPTY',
    files: 1,
    findings: [{ code: 'not-dicom' }],
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

test('a file name that is not UTF-8 is imported', async () => {
  await using dir = await openTempDir();
  const name = Buffer.concat([Buffer.from(`${dir.path}/Sch`), Buffer.of(0xe4), Buffer.from('del')]);
  await writeFile(name, toDicomFile({ ...IDS, SOPInstanceUID: '2.25.1' }));
  await writeFile(join(dir.path, 'Füße'), toDicomFile({ ...IDS, SOPInstanceUID: '2.25.2' }));
  const result = await importDirectory(dir.path);
  expect(result.instances.map(({ path }) => path)).toEqual(['Füße', 'Sch\uFFFDdel']);
});

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

describe('a directory that is gone', () => {
  const expectNotFound = async (path: string, readers = openInlineHeaders() as HeaderReaders) => {
    const store = new MemoryStore(path);
    const running = importBatch(store.job, { store, readers, logger: silentLogger }, never);
    const error = await running.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SenditError);
    expect(error).toMatchObject({ code: 'not-found', retry: 'safe' });
    expect(String(error)).not.toContain(path);
    expect(store.results).toEqual([]);
  };

  test('ends the import, and may be tried again', async () => {
    await using dir = await openTempDir();
    await expectNotFound(join(dir.path, 'gone'));
  });

  test('is not followed when a symlink stands in its place', async () => {
    await using dir = await openTempDir();
    await writeSyntheticStudy(join(dir.path, 'real'));
    await symlink(join(dir.path, 'real'), join(dir.path, 'link'));
    await expectNotFound(join(dir.path, 'link'));
  });

  test('while it is read is not taken for an empty batch', async () => {
    await using dir = await openTempDir();
    const directory = join(dir.path, 'study');
    await writeSyntheticStudy(directory);
    const inline = openInlineHeaders();
    await expectNotFound(directory, {
      async *readHeaders(request, signal) {
        await rename(directory, join(dir.path, 'elsewhere'));
        yield* inline.readHeaders(request, signal);
      },
    });
  });
});

test('a failure of the machine ends the import instead of losing a file', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(dir.path);
  const readers: HeaderReaders = {
    async *readHeaders({ paths }) {
      const header = { kind: 'unreadable' as const, code: 'EMFILE' };
      yield paths.map((path) => ({ path, bytes: 0, mtimeMs: 0, header, digest: null, hashMs: 0 }));
    },
  };
  const store = new MemoryStore(dir.path);
  const running = importBatch(store.job, { store, readers, logger: silentLogger }, never);
  await expect(running).rejects.toMatchObject({ code: 'internal', retry: 'safe' });
  expect(store.results).toEqual([]);
});

test('an abort ends the import before anything is committed', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(dir.path, { series: [{ instances: 70, rows: 2 }] });
  const store = new MemoryStore(dir.path);
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error('stopping'));
  const deps = { store, readers: openInlineHeaders(), logger: silentLogger, clock: toSteppingClock(1_000), onProgress };
  await expect(importBatch(store.job, deps, controller.signal)).rejects.toThrow('stopping');
  expect(store.results).toEqual([]);
});

test('progress is told at most four times a second, and at the end', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(dir.path, { series: [{ instances: 500, rows: 2 }] });
  const store = new MemoryStore(dir.path);
  const deps = { store, readers: openInlineHeaders(), logger: silentLogger, clock: toSteppingClock(100) };
  await importBatch(store.job, deps, never);
  const done = store.reported.map(({ filesDone }) => filesDone);
  expect(done[0]).toBeGreaterThan(0);
  expect(done.at(-1)).toBe(500);
  expect(done.length).toBeLessThan(8);
  expect(done.length).toBeGreaterThan(2);
});

test('a batch that is read in less than a quarter of a second tells no progress', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(dir.path, { series: [{ instances: 3, rows: 2 }] });
  const store = new MemoryStore(dir.path);
  const deps = { store, readers: openInlineHeaders(), logger: silentLogger, clock: toSteppingClock(10) };
  expect(await importBatch(store.job, deps, never)).toMatchObject({ kind: 'imported' });
  expect(store.reported).toEqual([]);
});

/** A clock that goes on by so much whenever it is asked. */
function toSteppingClock(stepMs: number): Clock {
  let now = 0;
  return { now: () => (now += stepMs), sleep: async () => undefined };
}

test('a job that was done is settled, and a run that comes second to the commit writes nothing', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(dir.path);
  const store = new MemoryStore(dir.path);
  const deps = { store, readers: openInlineHeaders(), logger: silentLogger };
  const both = await Promise.all([importBatch(store.job, deps, never), importBatch(store.job, deps, never)]);
  expect(both.map(({ kind }) => kind).toSorted()).toEqual(['already-done', 'imported']);
  expect(await importBatch(store.job, deps, never)).toEqual({ kind: 'settled' });
  expect(store.results).toHaveLength(1);
});

test('twice is once: any mix of good and bad files, in any order of writing, gives the same import again', async () => {
  const file = fc.record({
    name: fc.stringMatching(/^[a-z]{1,3}$/),
    uid: fc.integer({ min: 1, max: 4 }),
    series: fc.constantFrom('2.25.20', '2.25.21', ''),
    cut: fc.option(fc.integer({ min: 0, max: 400 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 8 }), async (files) => {
      await using dir = await openTempDir();
      const write = async (folder: string, list: typeof files) => {
        await mkdir(folder, { recursive: true });
        for (const { name, uid, series, cut } of list) {
          const bytes = toDicomFile({ ...IDS, SeriesInstanceUID: series, SOPInstanceUID: `2.25.${uid}` });
          await writeFile(join(folder, name), cut === null ? bytes : bytes.subarray(0, cut));
        }
      };
      const folder = join(dir.path, 'batch');
      await write(folder, files);
      const first = await importDirectory(folder);
      expect(await importDirectory(folder)).toEqual(first);
      await rm(folder, { recursive: true });
      await write(folder, files.toReversed());
      expect(await importDirectory(folder)).toEqual(first);
      expect(new Set(first.instances.map(({ sopInstanceUid }) => sopInstanceUid)).size).toBe(first.instances.length);
    }),
    { numRuns: 60 },
  );
});

test('extra attributes are kept of each instance that has them', async () => {
  await using dir = await openTempDir();
  await writeFile(join(dir.path, 'a'), toDicomFile({ ...IDS, SOPInstanceUID: '2.25.1', SliceThickness: '1.25 ' }));
  await writeFile(join(dir.path, 'b'), toDicomFile({ ...IDS, SOPInstanceUID: '2.25.2', PatientName: 'A^B' }));
  const { instances } = await importDirectory(dir.path, { extra: ['SliceThickness', 'PatientName', 'NoSuchKeyword'] });
  expect(instances.map(({ attributes }) => attributes)).toEqual([{ SliceThickness: '1.25' }, { PatientName: 'A^B' }]);
  expect((await importDirectory(dir.path)).instances[0]?.attributes).toBeNull();
});

describe('a batch of more files than are kept at once', () => {
  const writeMany = (path: string) => writeSyntheticStudy(path, { series: [{ instances: 160, rows: 1, columns: 2 }] });

  test('is brought to the store in parts, each instance once and in order', async () => {
    await using dir = await openTempDir();
    const study = await writeMany(dir.path);
    const store = new MemoryStore(dir.path);
    const deps = { store, readers: openInlineHeaders(), logger: silentLogger, partSize: 50 };
    expect(await importBatch(store.job, deps, never)).toMatchObject({ kind: 'imported', instances: 160 });
    expect(store.parts.length).toBeGreaterThan(1);
    const parts = [...store.parts, ...store.results].map(({ instances }) => instances);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(parts.flat().map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(study.sopInstanceUids);
    expect(store.results).toMatchObject([{ status: 'DONE', attempt: 1 }]);
  });

  test('ends without an effect when a later run has begun', async () => {
    await using dir = await openTempDir();
    await writeMany(dir.path);
    const store = new MemoryStore(dir.path);
    const now = () => {
      store.attempts = 2;
      return new Date();
    };
    const deps = { store, readers: openInlineHeaders(), logger: silentLogger, partSize: 50, now };
    expect(await importBatch(store.job, deps, never)).toEqual({ kind: 'already-done' });
    expect([store.parts, store.results, store.postponed]).toEqual([[], [], []]);
  });
});

test('a failed run is postponed with its reason', async () => {
  await using dir = await openTempDir();
  const store = new MemoryStore(join(dir.path, 'gone'));
  const running = importBatch(store.job, { store, readers: openInlineHeaders(), logger: silentLogger }, never);
  await expect(running).rejects.toMatchObject({ code: 'not-found' });
  expect(store.postponed).toEqual([expect.stringContaining('batch-1')]);
});

describe('between the seal and the import', () => {
  const setUp = async (path: string, changes: Partial<BatchToImport> = {}) => {
    const study = await writeSyntheticStudy(path, { layout: 'by-series', series: [{ instances: 3 }] });
    const store = new MemoryStore(path, changes);
    await store.seal();
    const run = () => importBatch(store.job, { store, readers: openInlineHeaders(), logger: silentLogger }, never);
    return { study, store, run };
  };

  test('a file that changed is read as it is, and said', async () => {
    await using dir = await openTempDir();
    const { run, store, study } = await setUp(dir.path);
    const [first = '', second = ''] = study.files;
    await appendFile(first, Buffer.alloc(10));
    await utimes(second, 1_700_000_000, 1_700_000_000.123);
    await run();
    expect(store.results).toMatchObject([{ status: 'DONE', instances: [{}, {}, {}] }]);
    expect(store.results.flatMap(codes)).toEqual([
      'changed-since-seal series-1/IM-0001-0001.dcm',
      'changed-since-seal series-1/IM-0001-0002.dcm',
    ]);
  });

  test('files that came are counted and left to the late-arrival policy', async () => {
    await using dir = await openTempDir();
    const { run, store, study } = await setUp(dir.path);
    await mkdir(join(dir.path, 'late'));
    for (const name of ['a', 'b']) await copyFile(study.files[0] ?? '', join(dir.path, 'late', name));
    await run();
    expect(store.results).toMatchObject([{ files: 3, instances: [{}, {}, {}] }]);
    expect(store.results[0]?.findings).toEqual([
      expect.objectContaining({ code: 'late-files', path: null, message: expect.stringContaining('2 files') }),
    ]);
  });

  test('a file that vanished ends the import without a commit; when it is back, all of it is imported', async () => {
    await using dir = await openTempDir();
    const { run, store, study } = await setUp(join(dir.path, 'batch'));
    const [first = ''] = study.files;
    await rename(first, join(dir.path, 'aside'));
    await expect(run()).rejects.toMatchObject({ code: 'not-found', retry: 'safe' });
    expect(store.results).toEqual([]);
    await rename(join(dir.path, 'aside'), first);
    await run();
    expect(store.results).toMatchObject([{ status: 'DONE', instances: [{}, {}, {}], findings: [] }]);
  });

  test('of a batch whose losses somebody accepted, what is left is imported and each loss is said', async () => {
    await using dir = await openTempDir();
    const { run, store, study } = await setUp(dir.path, { acceptsMissing: true });
    await rm(study.files[1] ?? '');
    await writeFile(join(dir.path, 'late'), 'x');
    await run();
    expect(store.results).toMatchObject([{ status: 'DONE', instances: [{}, {}] }]);
    expect(store.results.flatMap(codes)).toEqual([
      'late-files -',
      'missing-instance-numbers series-1/IM-0001-0001.dcm',
      'vanished series-1/IM-0001-0002.dcm',
    ]);
  });

  test('a symlink in the place of a sealed file is not followed', async () => {
    await using dir = await openTempDir();
    const { run, store, study } = await setUp(join(dir.path, 'batch'));
    const [first = ''] = study.files;
    await rename(first, join(dir.path, 'outside'));
    await symlink(join(dir.path, 'outside'), first);
    await run();
    expect(store.results).toMatchObject([{ instances: [{}, {}] }]);
    expect(store.results.flatMap(codes)).toContain('not-a-regular-file series-1/IM-0001-0001.dcm');
  });

  test('nor is one in the place of a directory of sealed files, or of the whole directory', async () => {
    await using dir = await openTempDir();
    const { run, store } = await setUp(join(dir.path, 'batch'), { isWhole: false });
    await rename(join(dir.path, 'batch', 'series-1'), join(dir.path, 'outside'));
    await symlink(join(dir.path, 'outside'), join(dir.path, 'batch', 'series-1'));
    await run();
    expect(store.results).toMatchObject([{ status: 'EMPTY', instances: [] }]);
    expect(new Set(store.results.flatMap(codes).map((code) => code.split(' ')[0]))).toEqual(
      new Set(['not-a-regular-file']),
    );

    const other = await setUp(join(dir.path, 'other'), { isWhole: false });
    await rename(join(dir.path, 'other'), join(dir.path, 'elsewhere'));
    await symlink(join(dir.path, 'elsewhere'), join(dir.path, 'other'));
    await expect(other.run()).rejects.toMatchObject({ code: 'not-found' });
    expect(other.store.results).toEqual([]);
  });

  test('a directory that has grown beyond the limits is listed up to there, and said', async () => {
    await using dir = await openTempDir();
    const { store, study } = await setUp(dir.path);
    for (let late = 0; late < 20; late++) await copyFile(study.files[0] ?? '', join(dir.path, `late-${late}`));
    const limits = { files: 10, pathBytes: 100, depth: 5 };
    const deps = { store, readers: openInlineHeaders(), logger: silentLogger, limits };
    await importBatch(store.job, deps, never);
    expect(store.results).toMatchObject([{ status: 'DONE', instances: [{}, {}, {}] }]);
    expect(store.results.flatMap(codes)).toContain('over-limit -');
  });

  test('of a batch that is a part of its directory, what else is in the directory is left out of it', async () => {
    await using dir = await openTempDir();
    const { run, store, study } = await setUp(dir.path, { isWhole: false });
    await copyFile(study.files[0] ?? '', join(dir.path, 'more'));
    await symlink('/', join(dir.path, 'link'));
    await run();
    expect(store.results).toMatchObject([{ files: 3, findings: [] }]);
  });
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
  expect(codes(await importDirectory(dir.path))).toEqual([
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
  expect(codes(result)).toEqual([
    'burned-in b',
    'future-date a',
    'several-patients -',
    'undecodable-text c',
    'unexpected-sop-class d',
  ]);
  expect(JSON.stringify(result.findings)).not.toContain('1.2.3');
});

test('what the filter excludes is a finding with its name, and a batch where nothing is left is EMPTY', async () => {
  await using dir = await openTempDir();
  await writeSyntheticStudy(dir.path, { series: [{ instances: 2 }, { modality: 'MR', instances: 2 }] });
  const filter = { modalities: ['CT'], imageTypes: ['AXIAL'], excludeBurnedIn: true };
  const result = await importDirectory(dir.path, { filter });
  expect(result).toMatchObject({ status: 'DONE', files: 4, instances: [{}, {}], series: [{ modality: 'CT' }] });
  expect(codes(result)).toEqual(['excluded IM-0002-0001.dcm', 'excluded IM-0002-0002.dcm']);
  const none = await importDirectory(dir.path, { filter: { ...filter, modalities: ['PT'] } });
  expect(none).toMatchObject({ status: 'EMPTY', instances: [], studies: [], series: [] });
  expect(none.findings).toHaveLength(4);
});
