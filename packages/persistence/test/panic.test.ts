import { join } from 'node:path';
import { openMemoryDir } from '@sendit/testing';
import { expect, test, vi } from 'vitest';
import { openDatabase } from '../src/index.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const disk = vi.hoisted(() => ({ broken: false }));

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<{ fsyncSync: (descriptor: number) => void }>();
  return {
    ...real,
    fsyncSync: (descriptor: number) => {
      if (disk.broken) throw new Error('EIO: i/o error, fsync');
      real.fsyncSync(descriptor);
    },
  };
});

test('a log that cannot be synced ends the engine with an error, acknowledges nothing, and a restart has the rest', async () => {
  await using temp = await openMemoryDir();
  const directory = join(temp.path, 'database');
  const db = await openDatabase({ kind: 'embedded', directory });
  await db.roots.upsert({ name: 'before', path: '/before' });
  disk.broken = true;
  const stopped = { code: 'database-stopped', hint: expect.stringContaining('free disk space') };
  await expect(db.roots.upsert({ name: 'during', path: '/during' })).rejects.toMatchObject(stopped);
  await expect(db.ping()).rejects.toMatchObject(stopped);
  await expect(db.roots.list()).rejects.toMatchObject(stopped);
  await db[Symbol.asyncDispose]();
  disk.broken = false;
  await using again = await openDatabase({ kind: 'embedded', directory });
  expect((await again.roots.list()).map((root) => root.name)).toContain('before');
});
