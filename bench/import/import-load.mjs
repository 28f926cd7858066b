import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, linkSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectApi } from '@sendit/portal';
import { freePort } from './free-port.mjs';

const CLI = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));
/** Each look asks the database of the watcher that imports: more of them would be measured too. */
const POLL_MS = 25;
const PATIENCE_MS = 300_000;

/**
 * Starts a watcher, and a worker where it needs one, and drops directories of hard links: `{files, ms, phases}` from the first rename to the
 * last DONE. Directories of `warmUp` come before: a watcher that has just started has yet to compile what it runs.
 */
export async function importLoad({ directory, sources, warmUp, env }) {
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
      : spawn(process.execPath, [CLI, 'worker', 'start'], {
          cwd: directory,
          env: environment,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
  try {
    // It waits for jobs from its first word on; without one it would be its start that is measured.
    if (worker !== undefined) await once(worker.stdout, 'data');
    worker?.stdout.resume();
    const api = connectApi(join(directory, 'state', 'api.sock'));
    await dropAndWait(api, { data, sources: warmUp });
    return await dropAndWait(api, { data, sources });
  } finally {
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
  const batches = [];
  for (const name of names) batches.push(await untilDone(api, name, start));
  const ms = Math.round(performance.now() - start);
  const files = batches.reduce((sum, batch) => sum + batch.files, 0);
  return { files, ms, phases: toPhases({ ms, batches, renamedAt }) };
}

async function untilDone(api, name, start) {
  for (;;) {
    const batch = await api.showBatch({ ref: name });
    if (batch?.status === 'DONE') return batch;
    if (performance.now() - start > PATIENCE_MS || batch?.status === 'ERROR' || batch?.status === 'QUARANTINED')
      throw new Error(`Expected DONE, got ${batch?.status ?? 'no batch'}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

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
