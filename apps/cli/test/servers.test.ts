import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  describeWith,
  exited,
  type PostgresServer,
  type RedisServer,
  startPostgres,
  startRedis,
  waitUntil,
  writeSyntheticStudy,
} from '@sendit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const WORKER = fileURLToPath(new URL('../bin/worker.js', import.meta.url));

async function drop(at: Installation, name: string, instances = 3): Promise<void> {
  const arriving = join(at.data, `${name}.tmp`);
  await mkdir(arriving);
  await writeSyntheticStudy(arriving, { seed: name, series: [{ instances }] });
  await rename(arriving, join(at.data, name));
}

describeWith(['postgres', 'redis'], 'on PostgreSQL and Redis, with workers as processes of their own', () => {
  let postgres: PostgresServer;
  let redis: RedisServer;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  });
  afterAll(async () => {
    await Promise.all([postgres[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
  });

  async function openAt(withRedis = true): Promise<Installation> {
    return await Installation.open({
      DATABASE_URL: await postgres.createDatabase(),
      ...(withRedis ? { REDIS_URL: redis.url } : {}),
    });
  }

  test('apps/worker imports what the watcher queued, and drains on SIGTERM', async () => {
    await using at = await openAt();
    await at.start();
    await drop(at, 'REMOTE', 6);
    await at.settled('REMOTE', 'QUEUE');
    const worker = spawnWorker(at);
    expect(await at.settled('REMOTE', 'DONE')).toMatchObject({ instances: 6 });
    expect(await at.status()).toMatchObject({ active: true, mode: 'postgres+redis', queue: { waiting: 0, active: 0 } });
    worker.kill('SIGTERM');
    await exited(worker);
    expect(worker.exitCode).toBe(0);
  }, 120_000);

  test('PostgreSQL alone carries the queue too', async () => {
    await using at = await openAt(false);
    await at.start();
    const worker = at.spawn('worker', 'start');
    await drop(at, 'PGONLY');
    expect(await at.settled('PGONLY', 'DONE')).toMatchObject({ instances: 3 });
    worker.kill('SIGTERM');
    await exited(worker);
    expect(worker.exitCode).toBe(0);
  }, 120_000);

  test('the database goes away in the middle: the watcher stays, says so, and loses nothing', async () => {
    await using at = await openAt();
    await at.start();
    const worker = spawnWorker(at);
    await drop(at, 'BEFORE');
    await at.settled('BEFORE', 'DONE');
    await postgres.stop('immediate');
    await drop(at, 'DURING');
    await waitUntil('status to say that the database is down', async () =>
      (await at.status()).problems.some((problem) => /database/i.test(problem)),
    );
    await postgres.start();
    expect(await at.settled('DURING', 'DONE')).toMatchObject({ instances: 3 });
    worker.kill('SIGTERM');
    await exited(worker);
  }, 180_000);

  test('Redis goes away in the middle and forgets: everything is imported, once', async () => {
    await using at = await openAt();
    await at.start();
    const worker = spawnWorker(at);
    await drop(at, 'FIRST');
    await at.settled('FIRST', 'DONE');
    await redis.stop('SIGKILL');
    await drop(at, 'SECOND');
    await at.logged(`LOG 3|SEALED: ${at.data}/SECOND`);
    await redis.start();
    await redis.flushAll();
    expect(await at.settled('SECOND', 'DONE', 120_000)).toMatchObject({ instances: 3 });
    expect(await at.batches()).toHaveLength(2);
    worker.kill('SIGTERM');
    await exited(worker);
  }, 240_000);

  test('what vanished before it was imported is held with the reason, and retried by filter when it is back', async () => {
    await using at = await openAt(false);
    at.env['SENDIT_WORKER_ATTEMPTS'] = '2';
    at.env['SENDIT_WORKER_BACKOFF_MS'] = '10';
    await at.start();
    for (const name of ['GONE', 'AWAY']) {
      await drop(at, name);
      await at.settled(name, 'QUEUE');
      await rename(join(at.data, name), join(at.directory, name));
    }
    const worker = spawnWorker(at);
    for (const name of ['GONE', 'AWAY']) await at.settled(name, 'HELD');
    const shown = await at.batch('GONE');
    expect((await at.status()).problems).toEqual([expect.stringMatching(/^2 batches are held, .*vanished/)]);
    expect(shown).toMatchObject({ attempts: 2, reason: expect.stringContaining('ENOENT') });

    // A running watcher would take them up again by itself.
    await at.run('watcher', 'stop');
    for (const name of ['GONE', 'AWAY']) await rename(join(at.directory, name), join(at.data, name));
    expect(await at.json('batch', 'retry', '--status', 'HELD', '--dry-run')).toMatchObject({ dryRun: true, queued: 2 });
    // What is held waits for a person who means it.
    expect(await at.json('batch', 'retry', '--all')).toMatchObject({ queued: 0 });
    expect(await at.json('batch', 'retry', '--status', 'HELD', '--since', '1h')).toMatchObject({
      queued: 2,
      refused: [],
      notFound: [],
    });
    await at.start();
    for (const name of ['GONE', 'AWAY']) expect(await at.settled(name, 'DONE')).toMatchObject({ instances: 3 });
    expect((await at.status()).problems).toEqual([]);

    const refused = await at.run('batch', 'retry', 'GONE', 'nowhere');
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('GONE is DONE') });
    expect((await at.run('batch', 'retry')).code).toBe(2);
    expect((await at.run('batch', 'retry', 'GONE', '--all')).code).toBe(2);
    worker.kill('SIGTERM');
    await exited(worker);
  }, 240_000);

  test('two daemons on one state directory: the second refuses', async () => {
    await using at = await openAt();
    await at.start();
    const second = await at.run('watcher', 'start', '--data', at.data);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining(`pid ${await at.pid()}`) });
  }, 60_000);

  function spawnWorker(at: Installation): ChildProcess {
    const worker = spawn(process.execPath, [WORKER], {
      cwd: at.directory,
      env: { ...process.env, ...at.env },
      stdio: 'ignore',
    });
    at.adopt(worker);
    return worker;
  }
});
