import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { toBytePath } from '@sendit/files';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { openThreads } from '../src/header-pool.ts';
import type { FileRecord, HeaderReaders } from '../src/header-readers.ts';
import { openInlineHeaders } from '../src/inline-headers.ts';
import { listFiles } from '../src/list-files.ts';

const workerFile = new URL('../dist/header-worker.js', import.meta.url);
const entry = new URL('../dist/index.js', import.meta.url);
const never = new AbortController().signal;

async function readAll(readers: HeaderReaders, path: string, signal = never): Promise<FileRecord[]> {
  const { files } = await listFiles({ id: '1', path }, signal);
  const records: FileRecord[] = [];
  const request = { directory: toBytePath(path), paths: files };
  for await (const portion of readers.readHeaders(request, signal)) records.push(...portion);
  return records;
}

describe.skipIf(!existsSync(workerFile))('header threads (need `npm run build`)', () => {
  test('give what reading in this thread gives, in the same order', async () => {
    await using dir = await openTempDir();
    await writeSyntheticStudy(dir.path, { series: [{ instances: 180, rows: 2 }] });
    await using threads = openThreads(workerFile, 2);
    const inline = await readAll(openInlineHeaders(), dir.path);
    expect(inline).toHaveLength(180);
    expect(await readAll(threads, dir.path)).toEqual(inline);
  });

  test('serve several imports at once', async () => {
    await using dir = await openTempDir();
    await writeSyntheticStudy(dir.path, { series: [{ instances: 120, rows: 2 }] });
    await using threads = openThreads(workerFile, 2);
    const all = await Promise.all([1, 2, 3, 4].map(() => readAll(threads, dir.path)));
    expect(all.map((records) => records.length)).toEqual([120, 120, 120, 120]);
  });

  test('stop at an abort, and read again afterwards', async () => {
    await using dir = await openTempDir();
    await writeSyntheticStudy(dir.path, { series: [{ instances: 400, rows: 2 }] });
    await using threads = openThreads(workerFile, 2);
    const controller = new AbortController();
    const request = { directory: toBytePath(dir.path), paths: Array.from({ length: 5000 }, () => 'IM-0001-0001.dcm') };
    let portions = 0;
    const reading = async () => {
      for await (const records of threads.readHeaders(request, controller.signal)) {
        portions += records.length > 0 ? 1 : 0;
        controller.abort(new Error('stopping'));
      }
    };
    await expect(reading()).rejects.toThrow('stopping');
    expect(portions).toBe(1);
    expect(await readAll(threads, dir.path)).toHaveLength(400);
  });

  test('that cannot start fail the import instead of keeping it waiting', async () => {
    await using dir = await openTempDir();
    await writeSyntheticStudy(dir.path, { series: [{ instances: 1, rows: 2 }] });
    await using threads = openThreads(new URL('../dist/no-such-worker.js', import.meta.url), 1);
    await expect(readAll(threads, dir.path)).rejects.toMatchObject({ code: 'internal', retry: 'safe' });
    await expect(readAll(threads, dir.path)).rejects.toMatchObject({ code: 'internal', retry: 'safe' });
  });

  test('do not keep the process alive once disposed, nor when only idle', async () => {
    await using dir = await openTempDir();
    await writeSyntheticStudy(dir.path, { series: [{ instances: 1, rows: 2 }] });
    const script = (end: string) => `
      import { openHeaderPool } from ${JSON.stringify(entry.href)};
      const pool = openHeaderPool({ threads: 2 });
      const request = { directory: ${JSON.stringify(dir.path)}, paths: ['IM-0001-0001.dcm'] };
      for await (const [record] of pool.readHeaders(request, new AbortController().signal)) console.log(record.header.kind);
      ${end}`;
    for (const end of ['await pool[Symbol.asyncDispose]();', '']) {
      const args = ['--input-type=module', '--eval', script(end)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 15_000 });
      expect(stdout).toBe('dicom\n');
    }
  });
});
