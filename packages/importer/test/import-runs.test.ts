import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, silentLogger } from '@sendit/model';
import { openTempDir, toDicomFile, writeSyntheticStudy } from '@sendit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HeaderReaders, importBatch, openInlineHeaders } from '../src/index.ts';
import { IDS, importDirectory, never } from './import-directory.ts';
import { MemoryStore } from './memory-store.ts';

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

test.each(['EACCES', 'EPERM', 'EIO', 'ESTALE', 'EMFILE', 'EUCLEAN', 'EREMOTEIO'])(
  'a file that the system refuses with %s ends the import without a commit',
  async (code) => {
    await using dir = await openTempDir();
    await writeSyntheticStudy(dir.path);
    const readers: HeaderReaders = {
      async *readHeaders({ paths }) {
        const header = { kind: 'unreadable' as const, code };
        yield paths.map((path) => ({
          path,
          bytes: 0,
          mtimeMs: 0,
          header,
          digest: null,
          datasetDigest: null,
          hashMs: 0,
        }));
      },
    };
    const store = new MemoryStore(dir.path);
    const running = importBatch(store.job, { store, readers, logger: silentLogger }, never);
    await expect(running).rejects.toMatchObject({
      code: 'unreadable',
      retry: 'safe',
      message: expect.stringContaining(code),
    });
    expect(store.results).toEqual([]);
  },
);
