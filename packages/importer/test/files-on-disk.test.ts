import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DEFAULT_BATCH_LIMITS, SenditError, silentLogger } from '@sendit/model';
import { openTempDir, toDicomFile, writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { checkBatch, type HeaderReaders, importBatch, openInlineHeaders } from '../src/index.ts';
import { IDS, importDirectory, never, toCodes } from './import-directory.ts';
import { MemoryStore } from './memory-store.ts';

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
  expect(toCodes(result)).toEqual(
    [
      'duplicate-instance copy-z.dcm',
      'empty-file empty.dcm',
      'missing-instance-numbers IM-0001-0001.dcm',
      'no-instance-uid nameless.dcm',
      'not-a-regular-file fifo.dcm',
      'not-a-regular-file link.dcm',
      'side-files notes.txt',
      'truncated IM-0001-0002.dcm',
      'truncated IM-0001-0003.dcm',
    ].toSorted(),
  );
  expect(result.status).toBe('DONE');
  expect(result.instances.map(({ path }) => path)).toEqual([
    'IM-0001-0001.dcm',
    'IM-0001-0004.dcm',
    'IM-0001-0002.dcm',
  ]);
});

test('a socket, a device, a symlink to a directory and one that leads out are told, not read, and hold up nothing', async () => {
  await using dir = await openTempDir();
  await using outside = await openTempDir();
  await writeSyntheticStudy(outside.path, { series: [{ instances: 2 }] });
  const at = (name: string) => join(dir.path, 'study', name);
  await writeSyntheticStudy(join(dir.path, 'study'), { series: [{ instances: 3 }] });
  await symlink(outside.path, at('elsewhere'));
  await symlink('.', at('itself'));
  await symlink('/dev/zero', at('endless'));
  const others = ['elsewhere', 'endless', 'itself', 'socket'];
  const socket = createServer().listen(at('socket'));
  await once(socket, 'listening');
  if (process.getuid?.() === 0) {
    execFileSync('mknod', [at('zero'), 'c', '1', '5']);
    others.push('zero');
  }
  const result = await importDirectory(join(dir.path, 'study'));
  expect(toCodes(result)).toEqual(others.map((name) => `not-a-regular-file ${name}`));
  expect(result).toMatchObject({ status: 'DONE', files: 3, instances: [{}, {}, {}] });
  socket.close();
});

test.each(['a file', 'a folder', 'the directory', 'what holds the directory'] as const)(
  '%s without permission: nothing is committed until it can be read',
  async (which) => {
    await using dir = await openTempDir();
    const path = join(dir.path, 'batch');
    const study = await writeSyntheticStudy(path, { layout: 'by-series', series: [{ instances: 2 }, {}] });
    await chmod(dir.path, 0o755);
    await chmod(path, 0o755);
    const store = new MemoryStore(path);
    await store.seal();
    const run = () => importBatch(store.job, { store, readers: openInlineHeaders(), logger: silentLogger }, never);
    const closed = {
      'a file': study.files[0] ?? '',
      'a folder': join(path, 'series-2'),
      'the directory': path,
      'what holds the directory': dir.path,
    }[which];
    await chmod(closed, 0);
    await expect(asNobody(run)).rejects.toMatchObject({ code: 'unreadable', retry: 'safe' });
    expect(store.results).toEqual([]);
    expect(store.postponed).toEqual([expect.stringContaining('EACCES')]);
    await chmod(closed, 0o755);
    await run();
    expect(store.results).toMatchObject([{ status: 'DONE', instances: { length: study.files.length } }]);
    expect(store.results.flatMap(toCodes).filter((code) => code.startsWith('unreadable'))).toEqual([]);
  },
);

test.each(['a file', 'a folder'] as const)(
  'an accepted batch of which %s cannot be read goes through without it, each file named as an error',
  async (which) => {
    await using dir = await openTempDir();
    const path = join(dir.path, 'batch');
    await writeSyntheticStudy(path, { layout: 'by-series', series: [{ instances: 2 }, { instances: 3 }] });
    await chmod(dir.path, 0o755);
    await chmod(path, 0o755);
    const store = new MemoryStore(path, { isAccepted: true, findingPolicy: { 'not-read': 'error' } });
    await store.seal();
    const [closed, left] =
      which === 'a file'
        ? ['series-2/IM-0002-0002.dcm', ['series-2/IM-0002-0002.dcm']]
        : ['series-2', [1, 2, 3].map((at) => `series-2/IM-0002-000${at}.dcm`)];
    await chmod(join(path, closed), 0);
    await asNobody(() => importBatch(store.job, { store, readers: openInlineHeaders(), logger: silentLogger }, never));
    const [result] = store.results;
    expect(result).toMatchObject({ status: 'DONE', reason: null, instances: { length: 5 - left.length } });
    const found = result?.findings.filter(({ code }) => code === 'not-read');
    expect(found?.map(({ path: file, severity }) => [file, severity])).toEqual(left.map((file) => [file, 'error']));
  },
);

test('an accepted batch of which nothing can be read stays where it is', async () => {
  await using dir = await openTempDir();
  const path = join(dir.path, 'batch');
  const { files } = await writeSyntheticStudy(path, { series: [{ instances: 2 }] });
  await chmod(dir.path, 0o755);
  await chmod(path, 0o755);
  const store = new MemoryStore(path, { isAccepted: true });
  await store.seal();
  for (const file of files) await chmod(file, 0);
  const run = () => importBatch(store.job, { store, readers: openInlineHeaders(), logger: silentLogger }, never);
  const hint = expect.stringContaining('not without all of it');
  await expect(asNobody(run)).rejects.toMatchObject({ code: 'unreadable', hint });
  expect(store.results).toEqual([]);
});

test('of two files of one identity, one that may not be read any more when they are compared is not judged', async () => {
  await using dir = await openTempDir();
  const { files } = await writeSyntheticStudy(dir.path, { series: [{ instances: 1 }] });
  const first = files[0] ?? '';
  await copyFile(first, join(dir.path, 'copy'));
  await chmod(dir.path, 0o755);
  const inline = openInlineHeaders();
  const readers: HeaderReaders = {
    async *readHeaders(request, signal) {
      for await (const records of inline.readHeaders(request, signal)) {
        await asOwner(() => chmod(first, 0));
        yield records;
      }
    },
  };
  await chmod(first, 0o644);
  await expect(asNobody(() => importDirectory(dir.path, { readers }))).rejects.toMatchObject({ code: 'unreadable' });
});

describe('a file that vanishes while its batch is read', () => {
  const setUp = async (path: string, when: 'before-its-turn' | 'after-its-turn') => {
    const { files } = await writeSyntheticStudy(join(path, 'batch'), { series: [{ instances: 120, rows: 2 }] });
    const file = files[when === 'before-its-turn' ? 110 : 3] ?? '';
    const inline = openInlineHeaders();
    const readers: HeaderReaders = {
      async *readHeaders(request, signal) {
        for await (const records of inline.readHeaders(request, signal)) {
          await rm(file, { force: true });
          yield records;
        }
      },
    };
    const store = new MemoryStore(join(path, 'batch'));
    await store.seal();
    const run = (deps = { readers: inline as HeaderReaders }) =>
      importBatch(store.job, { store, ...deps, logger: silentLogger }, never);
    return { file, run, readers, store };
  };

  test('before its turn ends the attempt without an effect; when it is back, all is imported', async () => {
    await using dir = await openTempDir();
    const { file, run, readers, store } = await setUp(dir.path, 'before-its-turn');
    const bytes = await readFile(file);
    await expect(run({ readers })).rejects.toMatchObject({ code: 'not-found', retry: 'safe' });
    expect(store.results).toEqual([]);
    await writeFile(file, bytes);
    expect(await run()).toMatchObject({ kind: 'imported', instances: 120 });
  });

  test('after its turn costs nothing: it was read', async () => {
    await using dir = await openTempDir();
    const { run, readers } = await setUp(dir.path, 'after-its-turn');
    expect(await run({ readers })).toMatchObject({ kind: 'imported', status: 'DONE', instances: 120, findings: 0 });
  });
});

test('of two files of one identity, one that vanished is not called a copy', async () => {
  await using dir = await openTempDir();
  const { files } = await writeSyntheticStudy(dir.path, { series: [{ instances: 1 }] });
  await copyFile(files[0] ?? '', join(dir.path, 'copy'));
  const inline = openInlineHeaders();
  const readers: HeaderReaders = {
    async *readHeaders(request, signal) {
      yield* inline.readHeaders(request, signal);
      await rm(join(dir.path, 'copy'));
    },
  };
  expect(toCodes(await importDirectory(dir.path, { readers }))).toEqual(['duplicate-differs copy']);
});

test('a link that took the place of a directory is not followed when two files of one identity are compared', async () => {
  await using dir = await openTempDir();
  await using outside = await openTempDir();
  const { files } = await writeSyntheticStudy(dir.path, { series: [{ instances: 1 }], layout: 'by-series' });
  for (const path of [dir.path, outside.path]) {
    await mkdir(join(path, 'z'));
    await copyFile(files[0] ?? '', join(path, 'z', 'copy'));
  }
  const inline = openInlineHeaders();
  const readers: HeaderReaders = {
    async *readHeaders(request, signal) {
      yield* inline.readHeaders(request, signal);
      await rename(join(dir.path, 'z'), join(outside.path, 'own'));
      await symlink(join(outside.path, 'z'), join(dir.path, 'z'));
    },
  };
  expect(toCodes(await importDirectory(dir.path, { readers }))).toEqual(['duplicate-differs z/copy']);
});

test('a file name that is not UTF-8 is imported', async () => {
  await using dir = await openTempDir();
  const name = Buffer.concat([Buffer.from(`${dir.path}/Sch`), Buffer.of(0xe4), Buffer.from('del')]);
  await writeFile(name, toDicomFile({ ...IDS, SOPInstanceUID: '2.25.1' }));
  await writeFile(join(dir.path, 'Füße'), toDicomFile({ ...IDS, SOPInstanceUID: '2.25.2' }));
  const result = await importDirectory(dir.path);
  expect(result.instances.map(({ path }) => path)).toEqual(['Füße', 'Sch\uFFFDdel']);
});

test('a check reads all of a directory, also what is nested deeper than a batch may be', async () => {
  await using dir = await openTempDir();
  const deep = Array.from({ length: DEFAULT_BATCH_LIMITS.depth + 1 }, () => 'd').join('/');
  await writeSyntheticStudy(join(dir.path, deep), { series: [{ instances: 2 }] });
  await writeSyntheticStudy(join(dir.path, 'a'), { series: [{ instances: 3 }], seed: 2 });
  const check = await checkBatch(dir.path, { readers: openInlineHeaders() }, never);
  expect(check).toMatchObject({ files: 5, instances: 5 });
  expect(check.findings.map(({ code }) => code)).not.toContain('over-limit');
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

  test('is not followed when one takes its place while it is read', async () => {
    await using dir = await openTempDir();
    const directory = join(dir.path, 'study');
    await writeSyntheticStudy(directory);
    const inline = openInlineHeaders();
    await expectNotFound(directory, {
      async *readHeaders(request, signal) {
        await rename(directory, join(dir.path, 'elsewhere'));
        await symlink(join(dir.path, 'elsewhere'), directory);
        yield* inline.readHeaders(request, signal);
      },
    });
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

/** Does something with the rights of nobody in particular: root may read everything. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** Within {@link asNobody}: what another process does meanwhile. */
async function asOwner<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return await work();
  const before = process.geteuid?.() ?? 0;
  process.seteuid?.(0);
  try {
    return await work();
  } finally {
    process.seteuid?.(before);
  }
}
