import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, linkSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectApi } from '@sendit/portal';
import { freePort } from './free-port.mjs';
import { openUsage, toCost } from './usage.mjs';

const COUNTER = fileURLToPath(new URL('./count-statements.mjs', import.meta.url));
/** Delay until counts of the process are in its file. */
const COUNTED_MS = 150;
const CLI = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));
/** Each look asks the database of the watcher that imports: more of them would be measured too. */
const POLL_MS = 25;
const PATIENCE_MS = 300_000;

/**
 * Starts a watcher, and a worker where it needs one, and drops directories of hard links: `{files, ms, …}` from the first rename to the
 * last DONE, and what a directory of them cost. Directories of `warmUp` come before: a watcher that has just started has yet to compile
 * what it runs.
 */
export async function importLoad({ directory, sources, warmUp, env }) {
  const data = join(directory, 'data');
  mkdirSync(data, { recursive: true });
  const counts = join(directory, 'counts');
  mkdirSync(counts);
  const environment = {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(SENDIT_|DATABASE_URL$|REDIS_URL$)/.test(name)),
    ),
    SENDIT_STATE_DIR: join(directory, 'state'),
    SENDIT_PORTAL_PORT: String(await freePort()),
    ...(env.DATABASE_URL === undefined && { NODE_OPTIONS: `--import ${COUNTER}`, COUNT_STATEMENTS: counts }),
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
      : spawn(process.execPath, [CLI, 'worker', 'start'], {
          cwd: directory,
          env: environment,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
  let usage;
  try {
    // It waits for jobs from its first word on; without one it would be its start that is measured.
    if (worker !== undefined) await once(worker.stdout, 'data');
    worker?.stdout.resume();
    const api = connectApi(join(directory, 'state', 'api.sock'));
    await dropAndWait(api, { data, sources: warmUp });
    const { pid } = await api.status();
    usage = await openUsage({
      pids: [pid, ...(worker === undefined ? [] : [worker.pid])],
      counts,
      databaseUrl: env.DATABASE_URL,
      redisUrl: env.REDIS_URL,
    });
    await sleep(COUNTED_MS);
    const before = await usage.read();
    const result = await dropAndWait(api, { data, sources });
    await sleep(COUNTED_MS);
    return { ...result, ...toCost(before, await usage.read(), sources.length) };
  } finally {
    await usage?.[Symbol.asyncDispose]();
    if (worker !== undefined && worker.kill()) await once(worker, 'exit');
    cli('watcher', 'stop');
  }
}

async function dropAndWait(api, { data, sources }) {
  const names = sources.map((source) => basename(source));
  for (const [index, source] of sources.entries()) {
    const arriving = join(data, `${names[index]}.tmp`);
    mkdirSync(arriving);
    for (const file of readdirSync(source)) link(join(source, file), join(arriving, file));
  }
  const renamedAt = Date.now();
  const start = performance.now();
  for (const name of names) renameSync(join(data, `${name}.tmp`), join(data, name));
  await untilDone(api, sources, start);
  const ms = Math.round(performance.now() - start);
  const directories = sources.length;
  const rates = (files) => ({ filesPerS: toRate(files, ms), directoriesPerS: toRate(directories, ms) });
  if (directories > 1) {
    const batches = await listAll(api, sources);
    const files = sources.reduce((sum, source) => sum + readdirSync(source).length, 0);
    return { files, directories, ms, ...rates(files), ...toCourse(batches) };
  }
  const batches = [await api.showBatch({ ref: names[0] })];
  const { files } = batches[0];
  return { files, directories, ms, ...rates(files), phases: toPhases({ ms, batches, renamedAt }) };
}

function toRate(count, ms) {
  return Number(((count / ms) * 1000).toFixed(1));
}

/** Of a load all directories have one name but for a number. */
const toGlob = (sources) => `${basename(sources[0]).replace(/-\d+$/, '')}-*`;

/** One row of one statement, so that the looks are hardly a part of what is measured. */
async function untilDone(api, sources, start) {
  const query = { name: toGlob(sources), status: ['DONE'], limit: 1, offset: sources.length - 1 };
  while ((await api.listBatches(query)).results.length === 0) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`Expected ${sources.length} directories to be DONE`);
    await sleep(POLL_MS);
  }
}

async function listAll(api, sources) {
  const batches = [];
  for (let page = [{}]; page.length > 0; batches.push(...page)) {
    page = (await api.listBatches({ name: toGlob(sources), limit: 500, after: batches.at(-1)?.id })).results;
  }
  return batches;
}

/** Whether it goes on as it began: from the first seal to the first import, and how fast the last tenth was beside the first. */
function toCourse(batches) {
  const ends = batches.map(({ finishedAt }) => Date.parse(finishedAt)).toSorted((a, b) => a - b);
  const tenth = Math.max(1, Math.floor(ends.length / 10));
  const firstSeal = Math.min(...batches.map(({ createdAt }) => Date.parse(createdAt)));
  const took = (from, to) => Math.max(1, ends[to] - ends[from]);
  const lastBesideFirst = took(0, tenth) / took(ends.length - 1 - tenth, ends.length - 1);
  return { firstImportMs: ends[0] - firstSeal, lastTenthBesideFirst: Number(lastBesideFirst.toFixed(2)) };
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Milliseconds, by what the batches say of themselves: until one is recorded, until a worker begins, listing and headers and checks, digests,
 * and the rest: the database and the end. Headers and digests are made in one thread unless whole files are hashed. Of several batches,
 * which overlap, the sums over all; the rest is then what one batch takes from its begin to its end without reading.
 */
function toPhases({ ms, batches, renamedAt }) {
  const phases = { sealMs: 0, queueMs: 0, readingMs: 0, hashingMs: 0, databaseMs: 0 };
  for (const { createdAt, startedAt, finishedAt, times } of batches) {
    const hashingMs = times.hashingMs;
    const readingMs = times.listingMs + Math.max(0, times.readingMs - hashingMs);
    const sealMs = Math.max(0, Date.parse(createdAt) - renamedAt);
    const queueMs = Math.max(0, Date.parse(startedAt) - Date.parse(createdAt));
    const workMs =
      batches.length === 1 ? ms - sealMs - queueMs : Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));
    phases.sealMs += sealMs;
    phases.queueMs += queueMs;
    phases.readingMs += readingMs;
    phases.hashingMs += hashingMs;
    phases.databaseMs += Math.max(0, workMs - readingMs - hashingMs);
  }
  return phases;
}

function link(from, to) {
  try {
    linkSync(from, to);
  } catch {
    cpSync(from, to);
  }
}
