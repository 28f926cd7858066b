import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  describeWith,
  exited,
  openMemoryDir,
  type RedisServer,
  type SharedPostgres,
  sharedPostgres,
  startRedis,
  waitUntil,
  writeSyntheticStudy,
} from '@sendit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const WORKER = fileURLToPath(new URL('../bin/worker.js', import.meta.url));
/** Notes each run, and ends when it may. */
const COMMAND =
  'printf "%s %s\\n" "$SENDIT_BATCH_ID" "$SENDIT_IDEMPOTENCY_KEY" >> runs.txt; until [ -e gate ]; do sleep 0.1; done';

describeWith(['postgres', 'redis'], 'actions on PostgreSQL and Redis, with the worker as a process of its own', () => {
  let postgres: SharedPostgres;
  let redis: RedisServer;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([sharedPostgres(), startRedis()]);
  });
  afterAll(async () => {
    await Promise.all([postgres[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
  });

  test('kill -9 of the worker in an import and of the watcher in a command: each batch is handed on once by its key', async () => {
    // In memory where that is possible: on a busy disk thousands of files are not soon copied and synced.
    await using shared = await openMemoryDir();
    const [data, archive] = [join(shared.path, 'data'), join(shared.path, 'archive')];
    await using at = await openAt(data, archive);
    await at.start('--config', 'sendit.config.json');
    const worker = spawnWorker(at);
    await drop(data, 'SMALL', 2);
    await waitUntil('its command to run', async () => (await readRuns(at)).length === 1, 60_000);
    await drop(data, 'LARGE', 1_000);
    await at.settled('LARGE', 'PROCESSING');
    worker.kill('SIGKILL');
    await exited(worker);
    expect(await at.api.showBatch({ ref: 'LARGE' })).toMatchObject({ status: 'PROCESSING', actionList: [] });
    expect((await at.api.listActions({ batch: 'SMALL' })).results.map(({ state }) => state)).toEqual([
      'running',
      'pending',
    ]);
    await at.kill();

    await writeFile(join(at.directory, 'gate'), '');
    spawnWorker(at);
    await at.start('--config', 'sendit.config.json');
    await drop(data, 'AFTER', 2);
    for (const [name, runs, instances] of [
      ['SMALL', 2, 2],
      ['LARGE', 1, 1_000],
      ['AFTER', 1, 2],
    ] as const) {
      const { id } = await at.settled(name, 'DONE', 120_000);
      const [exec, copy] = await acted(at, id);
      expect(exec).toMatchObject({ kind: 'exec', attempts: runs, code: 0 });
      expect(copy).toMatchObject({ kind: 'copy', attempts: 1 });
      const own = (await readRuns(at)).filter(([batchId]) => batchId === id);
      expect(own).toEqual(Array.from({ length: runs }, () => [id, exec?.id]));
      await expectCopied(join(data, name), join(archive, name), instances);
    }
    expect((await at.api.listBatches({})).results).toHaveLength(3);
    expect((await at.api.status()).actions).toEqual({ pending: 0, running: 0, failed: 0 });
  }, 400_000);

  async function openAt(folder: string, to: string): Promise<Installation> {
    const at = await Installation.open({ DATABASE_URL: await postgres.createDatabase(), REDIS_URL: redis.url });
    for (const directory of [folder, to]) await mkdir(directory);
    const watchPath = {
      folder,
      events: 'IN_ALL_EVENTS',
      processor: 'DicomQueue',
      name: 'data',
      actions: [
        { kind: 'exec', command: ['/bin/sh', '-c', COMMAND] },
        { kind: 'copy', to },
      ],
    };
    await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths: [watchPath] }));
    return at;
  }
});

function spawnWorker(at: Installation): ChildProcess {
  const env = { ...process.env, ...at.env };
  const worker = spawn(process.execPath, [WORKER], { cwd: at.directory, env, stdio: 'ignore' });
  at.adopt(worker);
  return worker;
}

async function drop(data: string, name: string, instances: number): Promise<void> {
  const path = join(data, name);
  await writeSyntheticStudy(`${path}.tmp`, { seed: name, series: [{ instances, rows: 4 }] });
  await rename(`${path}.tmp`, path);
}

/** Batch and key of each run of the command. */
async function readRuns(at: Installation): Promise<readonly (readonly string[])[]> {
  const text = await readFile(join(at.directory, 'runs.txt'), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ')]));
}

async function acted(at: Installation, batch: string) {
  return await waitUntil(
    `the actions of batch ${batch} to be done`,
    async () => {
      const { results: actions } = await at.api.listActions({ batch });
      return actions.length === 2 && actions.every(({ state }) => state === 'done') ? actions : undefined;
    },
    120_000,
  );
}

async function expectCopied(from: string, to: string, files: number): Promise<void> {
  const names = await readdir(from);
  expect(names).toHaveLength(files);
  expect((await readdir(to)).toSorted()).toEqual(names.toSorted());
  for (const one of names) {
    expect((await readFile(join(to, one))).equals(await readFile(join(from, one)))).toBe(true);
  }
}
