import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { silentLogger } from '@sendit/model';
import { exited, openMemoryDir, openTempDir, type TempDir, waitUntil } from '@sendit/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ensureCluster } from '../src/engine/cluster.ts';
import { openDatabase } from '../src/index.ts';
import { requestOf } from './contract/fixtures.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('a database in a directory', () => {
  let temp: TempDir;
  let directory: string;
  beforeEach(async () => {
    temp = await openMemoryDir();
    directory = join(temp.path, 'database');
  });
  afterEach(() => temp[Symbol.asyncDispose]());

  test('is readable by its owner alone, and fsyncs its log', async () => {
    await mkdir(directory, { mode: 0o755 });
    await using db = await openDatabase({ kind: 'embedded', directory });
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const settings = await db.pglite?.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name in ('fsync', 'wal_sync_method') order by name",
    );
    expect(settings?.rows.map((row) => row.setting)).toEqual(['on', 'fsync']);
  });

  test('waits for the disk in transactions, and not for what is said again', async () => {
    await using db = await openDatabase({ kind: 'embedded', directory });
    const isOnDisk = async (): Promise<boolean | undefined> =>
      (
        await db.pglite?.query<{ yes: boolean }>(
          'select pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn() as yes',
        )
      )?.rows[0]?.yes;
    const request = await requestOf(db, 'D1');
    await db.pglite?.query('update sendit.roots set name = name');
    expect(await isOnDisk()).toBe(false);
    await db.batches.seal(request);
    expect(await isOnDisk()).toBe(true);
  });

  test('knows that another directory took its place, and writes nothing there', async () => {
    await using db = await openDatabase({ kind: 'embedded', directory });
    await db.roots.upsert({ name: 'before', path: '/before' });
    expect(db.places.map((place) => place.isInPlace())).toEqual([true, true]);
    await rename(join(directory, 'pgdata'), join(temp.path, 'pgdata'));
    expect(db.places.map((place) => place.isInPlace())).toEqual([true, false]);
    await rename(join(temp.path, 'pgdata'), join(directory, 'pgdata'));
    await rename(directory, join(temp.path, 'moved'));
    {
      await using other = await openDatabase({ kind: 'embedded', directory });
      expect(db.places.map((place) => place.isInPlace())).toEqual([false, false]);
      await db.roots.upsert({ name: 'after', path: '/after' });
      await db[Symbol.asyncDispose]();
      expect(await other.roots.list()).toEqual([]);
      await other.roots.upsert({ name: 'other', path: '/other' });
    }
    await using again = await openDatabase({ kind: 'embedded', directory });
    expect((await again.roots.list()).map(({ name }) => name)).toEqual(['other']);
    await using moved = await openDatabase({ kind: 'embedded', directory: join(temp.path, 'moved') });
    expect((await moved.roots.list()).map(({ name }) => name).toSorted()).toEqual(['after', 'before']);
  });

  test('is refused to a second opener by any path to it, with the pid of the first', async () => {
    await using first = await openDatabase({ kind: 'embedded', directory });
    await symlink(directory, join(temp.path, 'alias'));
    for (const path of [directory, join(temp.path, 'alias')]) {
      await expect(openDatabase({ kind: 'embedded', directory: path })).rejects.toMatchObject({
        code: 'database-locked',
        message: expect.stringContaining(String(process.pid)),
        hint: expect.stringContaining('sendit watcher stop'),
      });
    }
    await first.ping();
  });

  test('is free again once it is closed', async () => {
    await (await openDatabase({ kind: 'embedded', directory }))[Symbol.asyncDispose]();
    await using again = await openDatabase({ kind: 'embedded', directory });
    expect(await again.roots.list()).toEqual([]);
  });

  test('a closed one rejects calls as stopped', async () => {
    const db = await openDatabase({ kind: 'embedded', directory });
    await db[Symbol.asyncDispose]();
    await expect(db.roots.list()).rejects.toMatchObject({ code: 'database-stopped' });
    await expect(db.outbox.markSent([crypto.randomUUID()], { resendAfterMs: 1 })).rejects.toMatchObject({
      code: 'database-stopped',
    });
    await db[Symbol.asyncDispose]();
  });

  test('has every seal that a killed process acknowledged, and is refused while that process lives', async () => {
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const child = sealForEver(directory, acknowledged);
      const before = acknowledged.length;
      await waitUntil('some seals', () => acknowledged.length > before + 20 + round * 30, 100_000);
      await expect(openDatabase({ kind: 'embedded', directory })).rejects.toMatchObject({
        code: 'database-locked',
        message: expect.stringContaining(String(child.pid)),
      });
      child.kill('SIGKILL');
      await exited(child);
    }
    await using db = await openDatabase({ kind: 'embedded', directory });
    const [root] = await db.roots.list();
    const known = await db.batches.findKnown(root?.id ?? '', acknowledged);
    expect(acknowledged.filter((name) => !known.has(name))).toEqual([]);
    expect(await db.outbox.count()).toBeGreaterThanOrEqual(acknowledged.length);
  });

  test('a creation that was cut off is made anew', async () => {
    await mkdir(join(directory, 'pgdata.new', 'base'), { recursive: true });
    await writeFile(join(directory, 'pgdata.new', 'PG_VERSION'), '17\n');
    await using db = await openDatabase({ kind: 'embedded', directory });
    await db.ping();
    expect(await readdir(directory)).toEqual(['database.lock', 'pgdata']);
  });

  test('a file in the way is a problem of the state directory, with the path', async () => {
    await writeFile(directory, '');
    await expect(openDatabase({ kind: 'embedded', directory })).rejects.toMatchObject({
      code: 'state-directory',
      message: expect.stringContaining(directory),
      hint: expect.stringContaining('writable'),
    });
    await expect(openDatabase({ kind: 'embedded', directory: join(directory, 'below') })).rejects.toMatchObject({
      code: 'state-directory',
    });
  });

  test('something other than a database in its place is a problem of the state directory', async () => {
    await mkdir(directory);
    await writeFile(join(directory, 'pgdata'), '');
    await expect(openDatabase({ kind: 'embedded', directory })).rejects.toMatchObject({ code: 'state-directory' });
  });

  test.skipIf(process.getuid?.() === 0)('a directory that cannot be written is a problem of the state', async () => {
    await mkdir(directory);
    await chmod(temp.path, 0o500);
    await chmod(directory, 0o500);
    const opening = openDatabase({ kind: 'embedded', directory: join(directory, 'below') });
    await expect(opening).rejects.toMatchObject({ code: 'state-directory' });
    await chmod(temp.path, 0o700);
  });

  test('damaged files are a database that is unavailable, and the directory is free again', async () => {
    await (await openDatabase({ kind: 'embedded', directory }))[Symbol.asyncDispose]();
    const control = join(directory, 'pgdata', 'global', 'pg_control');
    await rename(control, join(temp.path, 'pg_control'));
    await expect(openDatabase({ kind: 'embedded', directory })).rejects.toMatchObject({
      code: 'database-unavailable',
      hint: expect.stringContaining('backup'),
    });
    await rename(join(temp.path, 'pg_control'), control);
    await using db = await openDatabase({ kind: 'embedded', directory });
    await db.ping();
  });

  test('without a template, or with one of another engine, it is created by initdb', async () => {
    const foreign = join(temp.path, 'foreign.gz');
    await writeFile(foreign, gzipSync('{"engine":"0.0.0","directories":[],"files":[]}\n'));
    for (const template of [join(temp.path, 'none.gz'), foreign]) {
      const place = await openTempDir(temp.path);
      await ensureCluster(place.path, silentLogger, pathToFileURL(template));
      await using db = await openDatabase({ kind: 'embedded', directory: place.path });
      expect(await db.roots.list()).toEqual([]);
    }
  });
});

function sealForEver(directory: string, acknowledged: string[]): ChildProcess {
  const script = fileURLToPath(new URL('./children/seal-for-ever.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let rest = '';
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    acknowledged.push(...lines);
  });
  return child;
}
