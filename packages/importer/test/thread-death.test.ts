import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toBytePath } from '@sendit/files';
import { silentLogger } from '@sendit/model';
import { openTempDir, writeSyntheticStudy } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { openThreads } from '../src/header-pool.ts';
import type { HeaderReaders } from '../src/header-readers.ts';
import { importBatch } from '../src/index.ts';
import { MemoryStore } from './memory-store.ts';

const mortal = new URL('mortal-worker.mjs', import.meta.url);
const never = new AbortController().signal;

/** A batch of more than two portions, in the middle of which a thread dies once. */
async function writeDeadlyBatch(path: string): Promise<MemoryStore> {
  const { files } = await writeSyntheticStudy(path, { series: [{ instances: 170, rows: 2 }] });
  await rename(files[80] ?? '', join(path, 'IM-0001-0080-x'));
  await rename(files[81] ?? '', join(path, 'deadly'));
  const store = new MemoryStore(path);
  await store.seal();
  await writeFile(join(path, 'loaded'), '');
  return store;
}

async function countFiles(readers: HeaderReaders, directory: string, paths: readonly string[]): Promise<number> {
  let files = 0;
  const request = { directory: toBytePath(directory), paths };
  for await (const records of readers.readHeaders(request, never)) files += records.length;
  return files;
}

describe.skipIf(!existsSync(new URL('../dist/header-worker.js', import.meta.url)))(
  'a header thread that dies (needs `npm run build`)',
  () => {
    test('ends the import without an effect, and the next attempt imports all of the batch', async () => {
      await using dir = await openTempDir();
      const store = await writeDeadlyBatch(dir.path);
      await using readers = openThreads(mortal, 2);
      const run = () => importBatch(store.job, { store, readers, logger: silentLogger, partSize: 50 }, never);
      await expect(run()).rejects.toMatchObject({ code: 'internal', retry: 'safe' });
      expect(store.results).toEqual([]);
      expect(store.postponed).toEqual([expect.stringContaining('thread')]);
      store.parts.length = 0;
      expect(await run()).toMatchObject({ kind: 'imported', status: 'DONE', instances: 170 });
      const uids = [...store.parts, ...store.results].flatMap(({ instances }) =>
        instances.map(({ sopInstanceUid }) => sopInstanceUid),
      );
      expect(new Set(uids).size).toBe(170);
      expect(uids).toHaveLength(170);
    });

    test('does not keep another import waiting for a thread', async () => {
      await using dir = await openTempDir();
      await writeDeadlyBatch(dir.path);
      await using readers = openThreads(mortal, 1);
      const dying = countFiles(readers, dir.path, ['deadly']);
      const other = countFiles(readers, dir.path, ['IM-0001-0001.dcm']);
      await expect(dying).rejects.toMatchObject({ code: 'internal', retry: 'safe' });
      expect(await other).toBe(1);
    });

    test('nor does an import that ends before its last file is read', async () => {
      await using dir = await openTempDir();
      await mkdir(join(dir.path, 'batch'));
      await writeSyntheticStudy(join(dir.path, 'batch'), { series: [{ instances: 1, rows: 2 }] });
      const many = Array.from({ length: 5_000 }, () => 'IM-0001-0001.dcm');
      await using readers = openThreads(mortal, 1);
      const leaving = readers.readHeaders({ directory: `${dir.path}/batch`, paths: many }, never);
      let other: Promise<number> | undefined;
      for await (const _records of leaving) {
        other = countFiles(readers, join(dir.path, 'batch'), many.slice(0, 200));
        break;
      }
      expect(await other).toBe(200);
    });
  },
);
