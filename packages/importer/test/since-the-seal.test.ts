import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { type BatchToImport, silentLogger } from '@sendit/model';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { importBatch, openInlineHeaders } from '../src/index.ts';
import { never, toCodes } from './import-directory.ts';
import { MemoryStore, toManifest } from './memory-store.ts';

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
    expect(store.results.flatMap(toCodes)).toEqual([
      'changed-since-seal series-1/IM-0001-0001.dcm',
      'changed-since-seal series-1/IM-0001-0002.dcm',
    ]);
  });

  test('a file that was put in the place of a sealed one, with its size and time, is said; one whose mode was changed is only touched', async () => {
    await using dir = await openTempDir();
    const { run, store, study } = await setUp(join(dir.path, 'batch'));
    const [first = '', second = ''] = study.files;
    const { atime, mtime } = await stat(first);
    // From whole milliseconds, so that the time can be set again to the last bit.
    await utimes(first, atime, new Date(Math.floor(mtime.getTime())));
    await chmod(second, 0o600);
    await store.seal();
    const bytes = await readFile(first);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(join(dir.path, 'swap'), bytes);
    await utimes(join(dir.path, 'swap'), atime, new Date(Math.floor(mtime.getTime())));
    await rename(join(dir.path, 'swap'), first);
    await chmod(second, 0o644);
    await run();
    expect(store.results.flatMap(toCodes)).toEqual([
      'changed-since-seal series-1/IM-0001-0001.dcm',
      'touched-since-seal series-1/IM-0001-0002.dcm',
    ]);
  });

  test('files that were overwritten in place, their times set back, are read as they are, and counted', async () => {
    await using dir = await openTempDir();
    const { run, store, study } = await setUp(dir.path);
    for (const path of study.files) {
      const { atime } = await stat(path);
      await utimes(path, atime, new Date(1_700_000_000_123));
    }
    await store.seal();
    for (const path of study.files.slice(1)) {
      const bytes = await readFile(path);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      await writeFile(path, bytes);
      await utimes(path, new Date(), new Date(1_700_000_000_123));
    }
    await run();
    expect(store.results).toMatchObject([{ status: 'DONE', instances: [{}, {}, {}] }]);
    expect(store.results[0]?.findings).toEqual([
      {
        code: 'touched-since-seal',
        severity: 'info',
        path: 'series-1/IM-0001-0002.dcm',
        message: expect.stringContaining('2 times in the batch'),
      },
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

  test('what the watch path ignores by globs of its own is not late either', async () => {
    await using dir = await openTempDir();
    const { run, store } = await setUp(join(dir.path, 'L1'), {
      ignore: ['*.log', 'L1/series-1/notes/**', '!.snapshot'],
    });
    await mkdir(join(dir.path, 'L1/series-1/notes'));
    await mkdir(join(dir.path, 'L1/.snapshot'));
    for (const name of ['a.log', 'series-1/notes/x', '.snapshot/old']) await writeFile(join(dir.path, 'L1', name), '');
    await run();
    expect(store.results[0]?.findings).toEqual([
      expect.objectContaining({ code: 'late-files', message: expect.stringContaining('One file') }),
    ]);
  });

  test('what a seal ignores is not late', async () => {
    await using dir = await openTempDir();
    const { run, store } = await setUp(dir.path);
    await mkdir(join(dir.path, 'series-1/@eaDir'));
    for (const name of ['series-1/@eaDir/IM-0001-0001.dcm', '.nfs00000a1b']) await writeFile(join(dir.path, name), '');
    await run();
    expect(store.results).toMatchObject([{ files: 3, findings: [] }]);
  });

  test('checks of what came late look at the whole series: with the earlier files nothing is missing, nor repeated', async () => {
    await using dir = await openTempDir();
    const study = await writeSyntheticStudy(dir.path, { layout: 'by-series', series: [{ instances: 6 }] });
    const all = await toManifest(dir.path);
    const importHalf = async (earlierPaths: readonly string[]) => {
      const store = new MemoryStore(dir.path, { isDelta: true, isWhole: false });
      store.earlierPaths = earlierPaths;
      await store.seal(all.slice(3));
      await importBatch(store.job, { store, readers: openInlineHeaders(), logger: silentLogger }, never);
      return store.results;
    };
    expect((await importHalf([])).flatMap(toCodes)).toContain('missing-instance-numbers series-1/IM-0001-0004.dcm');
    const earlier = [...all.slice(0, 3).map(({ path }) => path), 'gone.dcm'];
    const results = await importHalf(earlier);
    expect(results).toMatchObject([{ status: 'DONE', files: 3, instances: [{}, {}, {}] }]);
    expect(results.flatMap(toCodes)).toEqual([]);
    await rm(study.files[1] ?? '');
    expect((await importHalf(earlier)).flatMap(toCodes)).toContain(
      'missing-instance-numbers series-1/IM-0001-0004.dcm',
    );
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
    expect(store.results).toMatchObject([{ status: 'DONE', instances: [{}, {}, {}] }]);
    // Its renames changed its inode.
    expect(store.results.flatMap(toCodes)).toEqual(['touched-since-seal series-1/IM-0001-0001.dcm']);
  });

  test('of a batch whose losses somebody accepted, what is left is imported and each loss is said', async () => {
    await using dir = await openTempDir();
    const { run, store, study } = await setUp(dir.path, { acceptsMissing: true });
    await rm(study.files[1] ?? '');
    await writeFile(join(dir.path, 'late'), 'x');
    await run();
    expect(store.results).toMatchObject([{ status: 'DONE', instances: [{}, {}] }]);
    expect(store.results.flatMap(toCodes)).toEqual([
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
    expect(store.results.flatMap(toCodes)).toContain('not-a-regular-file series-1/IM-0001-0001.dcm');
  });

  test('nor is one in the place of a directory of sealed files, or of the whole directory', async () => {
    await using dir = await openTempDir();
    const { run, store } = await setUp(join(dir.path, 'batch'), { isWhole: false });
    await rename(join(dir.path, 'batch', 'series-1'), join(dir.path, 'outside'));
    await symlink(join(dir.path, 'outside'), join(dir.path, 'batch', 'series-1'));
    await run();
    expect(store.results).toMatchObject([{ status: 'EMPTY', instances: [] }]);
    expect(new Set(store.results.flatMap(toCodes).map((code) => code.split(' ')[0]))).toEqual(
      new Set(['not-a-regular-file']),
    );

    const other = await setUp(join(dir.path, 'other'), { isWhole: false });
    await rename(join(dir.path, 'other'), join(dir.path, 'elsewhere'));
    await symlink(join(dir.path, 'elsewhere'), join(dir.path, 'other'));
    await expect(other.run()).rejects.toMatchObject({ code: 'not-found' });
    expect(other.store.results).toEqual([]);
  });

  test('of a unit the watch path may be a link, as long as files of it are missing too', async () => {
    await using dir = await openTempDir();
    await mkdir(join(dir.path, 'real'));
    await symlink(join(dir.path, 'real'), join(dir.path, 'watched'));
    const study = await writeSyntheticStudy(join(dir.path, 'real'), {
      layout: 'by-series',
      series: [{ instances: 3 }],
    });
    const unit = { name: 'series/1.2.3', isWhole: false, acceptsMissing: true };
    const store = new MemoryStore(join(dir.path, 'watched'), unit);
    await store.seal(await toManifest(join(dir.path, 'real')));
    await rm(study.files[1] ?? '');
    await importBatch(store.job, { store, readers: openInlineHeaders(), logger: silentLogger }, never);
    expect(store.results).toMatchObject([{ status: 'DONE', instances: [{}, {}] }]);
    expect(store.results.flatMap(toCodes)).toContain('vanished series-1/IM-0001-0002.dcm');
  });

  test('a directory that has grown beyond the limits is listed up to there, and said', async () => {
    await using dir = await openTempDir();
    const { store, study } = await setUp(dir.path);
    for (let late = 0; late < 20; late++) await copyFile(study.files[0] ?? '', join(dir.path, `late-${late}`));
    const limits = { files: 10, pathBytes: 100, depth: 5 };
    const deps = { store, readers: openInlineHeaders(), logger: silentLogger, policy: { limits } };
    await importBatch(store.job, deps, never);
    expect(store.results).toMatchObject([{ status: 'DONE', instances: [{}, {}, {}] }]);
    expect(store.results.flatMap(toCodes)).toContain('over-limit -');
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
