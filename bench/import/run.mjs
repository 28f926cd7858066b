// `npm run bench:import`: how long one directory takes from its rename to DONE, on each of the three sizes that is installed, with what
// the steps take. A watcher of its own for each, in temporary directories, with everything as it is by default.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, linkSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { connectApi } from '@sendit/portal';
import { makeSlices } from '../dicom/corpus.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    files: { type: 'string' },
    only: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  },
});
const CLI = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));
const TESTING = new URL('../../packages/testing/dist/', import.meta.url);
const POLL_MS = 5;
const PATIENCE_MS = 300_000;

if (values.help === true) {
  process.stdout.write(`Usage: npm run bench:import -- [--quick] [--json FILE] [--files N] [--only embedded|postgres|redis]...

  --quick      300 CT slices, two rounds (default: 2000, three rounds); the best one counts
  --json FILE  write {imports: {embedded|postgres|redis: {files, ms, phases}}} to FILE
`);
} else {
  await run();
}

async function run() {
  const count = Number(values.files ?? (values.quick ? 300 : 2000));
  const rounds = values.quick ? 2 : 3;
  const directory = mkdtempSync(join(tmpdir(), 'sendit-bench-import-'));
  try {
    makeSlices(directory, count);
    const slices = join(directory, `ct-${count}`);
    const imports = {};
    for (const [name, open] of Object.entries({ embedded: openEmbedded, postgres: openPostgres, redis: openRedis })) {
      if (values.only?.includes(name) === false) continue;
      const services = await open();
      if (services === undefined) continue;
      try {
        const { env } = services;
        imports[name] = await measureImport({ directory: join(directory, name), slices, rounds, env });
      } finally {
        await services[Symbol.asyncDispose]();
      }
      const { files, ms, phases } = imports[name];
      process.stdout.write(`${name.padEnd(10)} ${files} files  ${ms} ms  ${JSON.stringify(phases)}\n`);
    }
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ imports }, null, 2)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureImport({ directory, slices, rounds, env }) {
  const data = join(directory, 'data');
  mkdirSync(data, { recursive: true });
  const environment = {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(SENDIT_|DATABASE_URL$|REDIS_URL$)/.test(name)),
    ),
    SENDIT_STATE_DIR: join(directory, 'state'),
    SENDIT_PORTAL_PORT: String(await freePort()),
    ...env,
  };
  const cli = (...args) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: directory,
      env: environment,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`Expected sendit ${args.join(' ')} to succeed, got: ${stdout}${stderr}`);
  };
  cli('watcher', 'start', '--data', data);
  // Embedded, the watcher imports; elsewhere a worker does.
  const worker =
    env.DATABASE_URL === undefined
      ? undefined
      : spawn(process.execPath, [CLI, 'worker', 'start'], { cwd: directory, env: environment, stdio: 'ignore' });
  try {
    const api = connectApi(join(directory, 'state', 'api.sock'));
    let best;
    for (let round = 0; round < rounds; round++) {
      const result = await importOnce(api, { data, slices, name: `CT${round}` });
      if (best === undefined || result.ms < best.ms) best = result;
    }
    return { files: best.files, ms: best.ms, phases: toPhases(best) };
  } finally {
    if (worker !== undefined && worker.kill()) await once(worker, 'exit');
    cli('watcher', 'stop');
  }
}

/** Rename until the API says DONE. Other rounds hold the same instances: hard links, another directory. */
async function importOnce(api, { data, slices, name }) {
  const arriving = join(data, `${name}.tmp`);
  mkdirSync(arriving);
  for (const file of readdirSync(slices)) link(join(slices, file), join(arriving, file));
  const renamedAt = Date.now();
  const start = performance.now();
  renameSync(arriving, join(data, name));
  for (;;) {
    const batch = await api.showBatch(name);
    const ms = performance.now() - start;
    if (batch?.status === 'DONE') return { files: batch.files, ms: Math.round(ms), batch, renamedAt };
    if (ms > PATIENCE_MS || batch?.status === 'ERROR')
      throw new Error(`Expected DONE, got ${batch?.status ?? 'no batch'}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * Milliseconds, by what the batch says of itself: until it is recorded, until a worker begins, listing, headers and checks, digests, and the
 * rest: the database and the end. Headers and digests are made in one thread unless whole files are hashed.
 */
function toPhases({ ms, batch, renamedAt }) {
  const sealMs = Math.max(0, Date.parse(batch.createdAt) - renamedAt);
  const queueMs = Math.max(0, Date.parse(batch.startedAt) - Date.parse(batch.createdAt));
  const { listingMs, hashingMs } = batch.times;
  const readingMs = listingMs + Math.max(0, batch.times.readingMs - hashingMs);
  const databaseMs = Math.max(0, ms - sealMs - queueMs - readingMs - hashingMs);
  return { sealMs, queueMs, readingMs, hashingMs, databaseMs };
}

function link(from, to) {
  try {
    linkSync(from, to);
  } catch {
    cpSync(from, to);
  }
}

async function openEmbedded() {
  return { env: {}, [Symbol.asyncDispose]: async () => undefined };
}

async function openPostgres() {
  const { startPostgres } = await import(new URL('postgres-server.js', TESTING));
  const { postgresBinDir } = await import(new URL('services.js', TESTING));
  if (postgresBinDir() === undefined) return undefined;
  const server = await startPostgres();
  return {
    env: { DATABASE_URL: await server.createDatabase() },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function openRedis() {
  const { redisServerPath } = await import(new URL('services.js', TESTING));
  const postgres = redisServerPath() === undefined ? undefined : await openPostgres();
  if (postgres === undefined) return undefined;
  const { startRedis } = await import(new URL('redis-server.js', TESTING));
  const redis = await startRedis();
  return {
    env: { ...postgres.env, REDIS_URL: redis.url },
    [Symbol.asyncDispose]: async () => {
      await redis[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
