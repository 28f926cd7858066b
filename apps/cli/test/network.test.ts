import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  describeWith,
  openTcpProxy,
  type RedisServer,
  type SharedPostgres,
  sharedPostgres,
  startRedis,
  type TcpProxy,
  waitUntil,
  writeSyntheticStudy,
} from '@sendit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const WORKER = fileURLToPath(new URL('../bin/worker.js', import.meta.url));

describeWith(['postgres', 'redis'], 'the network to a service is cut', () => {
  let postgres: SharedPostgres;
  let redis: RedisServer;
  let toPostgres: TcpProxy;
  let toRedis: TcpProxy;

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([sharedPostgres(), startRedis()]);
    [toPostgres, toRedis] = await Promise.all([
      openTcpProxy(postgres.port),
      openTcpProxy(Number(new URL(redis.url).port)),
    ]);
  });
  afterAll(async () => {
    await Promise.all([toPostgres, toRedis].map((proxy) => proxy[Symbol.asyncDispose]()));
    await Promise.all([postgres[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()]);
  });

  test('silence from the database: the watcher stays, says so, and seals what came meanwhile', async () => {
    await using at = await openAt();
    toPostgres.cut();
    await drop(at, 'DURING');
    await problem(at, /database/i);
    toPostgres.heal();
    expect(await at.settled('DURING', 'DONE', 120_000)).toMatchObject({ instances: 2, generation: 1 });
    await noProblem(at);
  }, 300_000);

  test('silence from Redis: what was sealed waits, status says so, and everything is imported when it is over', async () => {
    await using at = await openAt();
    toRedis.cut();
    await drop(at, 'DURING');
    await at.logged(`LOG 3|SEALED: ${at.data}/DURING`);
    await problem(at, /queue/i);
    toRedis.heal();
    expect(await at.settled('DURING', 'DONE', 120_000)).toMatchObject({ instances: 2, generation: 1 });
    await noProblem(at);
  }, 300_000);

  test('connections to both reset again and again while directories come: each is imported once', async () => {
    await using at = await openAt();
    const names = Array.from({ length: 6 }, (_, index) => `RESET${index}`);
    for (const name of names) {
      await drop(at, name);
      toPostgres.reset();
      toRedis.reset();
    }
    for (const name of names) {
      expect(await at.settled(name, 'DONE', 180_000)).toMatchObject({ instances: 2, generation: 1 });
    }
  }, 300_000);

  /** A watcher and a worker that reach both services through the proxies, and have imported something. */
  async function openAt(): Promise<Installation> {
    const at = await Installation.open({
      DATABASE_URL: through(await postgres.createDatabase(), toPostgres),
      REDIS_URL: through(redis.url, toRedis),
    });
    try {
      await at.start();
      spawnWorker(at);
      await drop(at, 'BEFORE');
      await at.settled('BEFORE', 'DONE');
      return at;
    } catch (error) {
      await at[Symbol.asyncDispose]();
      throw error;
    }
  }
});

function through(url: string, proxy: TcpProxy): string {
  const changed = new URL(url);
  changed.port = String(proxy.port);
  return changed.href;
}

function spawnWorker(at: Installation): ChildProcess {
  const env = { ...process.env, ...at.env };
  const worker = spawn(process.execPath, [WORKER], { cwd: at.directory, env, stdio: 'ignore' });
  at.adopt(worker);
  return worker;
}

async function drop(at: Installation, name: string): Promise<void> {
  const arriving = join(at.data, `${name}.tmp`);
  await mkdir(arriving);
  await writeSyntheticStudy(arriving, { seed: name, series: [{ instances: 2, rows: 4 }] });
  await rename(arriving, join(at.data, name));
}

async function problem(at: Installation, words: RegExp): Promise<void> {
  await waitUntil(
    `status to say ${words.source}`,
    async () => (await at.status()).problems.some((one) => words.test(one)),
    120_000,
  );
}

async function noProblem(at: Installation): Promise<void> {
  await waitUntil('status to be clear', async () => (await at.status()).problems.length === 0, 120_000);
}
