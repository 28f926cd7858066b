// `npm run bench:reconcile`: a watcher starts on a folder that holds many recorded directories, and new ones are renamed into place all the
// while: how long each takes to be sealed, how long the reconcile takes, and what the memory does. Embedded database, everything by default.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lookAtFolder } from '@sendit/detector/node';
import { openDatabase } from '@sendit/persistence';

const { values } = parseArgs({
  options: {
    directories: { type: 'string', default: '100000' },
    dir: { type: 'string', default: tmpdir() },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const CLI = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));
const ROWS = 500;
const BETWEEN_MS = 100;
const AFTERWARDS = 50;
const PATIENCE_MS = 600_000;
const STANDING = 'Adding watch on';
const SCANNED = 'Scanned a watch path';

if (values.help === true) {
  process.stdout.write(`Usage: npm run bench:reconcile -- [--directories N] [--dir DIR] [--json FILE]

  --directories N  recorded directories that are there at the start (default: 100000)
  --dir DIR        where they are made (default: the temporary directory)
  --json FILE      write {directories, readyMs, reconcileMs, during, afterwards, rssMb} to FILE; times in ms
`);
} else {
  await run(Number(values.directories));
}

async function run(count) {
  const directory = mkdtempSync(join(values.dir, 'sendit-bench-reconcile-'));
  try {
    const data = join(directory, 'data');
    mkdirSync(data);
    await record(directory, data, count);
    const result = { directories: count, ...(await measure(directory, data)) };
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Makes directories with a file each, and rows that say that they were imported as they are. */
async function record(directory, data, count) {
  const database = await openDatabase({ kind: 'embedded', directory: join(directory, '.sendit', 'database') });
  const root = await database.roots.upsert({ name: 'data', path: data });
  const { signal } = new AbortController();
  for (let start = 0; start < count; start += ROWS) {
    const rows = [];
    for (let index = start; index < Math.min(count, start + ROWS); index += 1) {
      const name = `D${String(index).padStart(7, '0')}`;
      const path = join(data, name);
      mkdirSync(path);
      writeFileSync(join(path, 'IM0001'), 'x');
      const { listing, signature } = await lookAtFolder(path, signal);
      rows.push({ name, path, digest: listing.manifestDigest, signature });
    }
    await database.pglite.query(
      `insert into sendit.batches (root_id, relative_path, generation, path, name, status, grade, files, bytes, manifest_digest, signature)
       select $1, row->>'name', 1, row->>'path', row->>'name', 'DONE', 'renamed', 1, 1, row->>'digest', row->'signature'
       from jsonb_array_elements($2::jsonb) as row`,
      [root.id, JSON.stringify(rows)],
    );
  }
  await database[Symbol.asyncDispose]();
}

async function measure(directory, data) {
  const config = {
    watchPaths: [{ name: 'data', folder: data, events: 'IN_ALL_EVENTS', processor: 'DicomQueue' }],
    portal: { enabled: false },
  };
  writeFileSync(join(directory, 'sendit.config.json'), JSON.stringify(config));
  const startedAt = performance.now();
  const args = [CLI, 'watcher', 'start', '--foreground', '--config', join(directory, 'sendit.config.json')];
  const child = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  const sealedAt = new Map();
  const renamedAt = new Map();
  let readyAt;
  let reconciledAt;
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      const now = performance.now();
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) hear(line, now);
    });
  }
  function hear(line, now) {
    const sealed = /3\|SEALED: .*\/(\S+)/.exec(line);
    if (sealed !== null) sealedAt.set(sealed[1], now);
    if (line.includes(STANDING)) readyAt ??= now;
    if (line.includes(SCANNED)) reconciledAt ??= now;
  }
  const rss = [];
  const deadline = startedAt + PATIENCE_MS;
  const during = [];
  const afterwards = [];
  for (let index = 0; afterwards.length < AFTERWARDS && performance.now() < deadline; index += 1) {
    await sleep(BETWEEN_MS);
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
    rss.push({ at: performance.now(), mb: Number(kilobytes ?? 0) / 1024 });
    if (readyAt === undefined) continue;
    const name = `N${index}`;
    mkdirSync(join(data, `${name}.tmp`));
    writeFileSync(join(data, `${name}.tmp`, 'note.txt'), 'x');
    renamedAt.set(name, performance.now());
    renameSync(join(data, `${name}.tmp`), join(data, name));
    (reconciledAt === undefined ? during : afterwards).push(name);
  }
  while (sealedAt.size < renamedAt.size && performance.now() < deadline) await sleep(BETWEEN_MS);
  child.kill('SIGTERM');
  await ended;
  if (readyAt === undefined || reconciledAt === undefined)
    throw new Error('Expected the watcher to stand and to scan, it did not in time.');
  const waits = (names) =>
    toSpread(names.map((name) => (sealedAt.get(name) ?? Number.POSITIVE_INFINITY) - renamedAt.get(name)));
  const warm = rss.filter(({ at }) => at > readyAt + (reconciledAt - readyAt) / 2).map(({ mb }) => mb);
  return {
    readyMs: Math.round(readyAt - startedAt),
    reconcileMs: Math.round(reconciledAt - readyAt),
    during: waits(during),
    afterwards: waits(afterwards),
    rssMb: {
      peak: Math.round(Math.max(...rss.map(({ mb }) => mb))),
      halfWay: Math.round(warm[0] ?? 0),
      end: Math.round(warm.at(-1) ?? 0),
    },
  };
}

function toSpread(waits) {
  const sorted = waits.toSorted((one, other) => one - other);
  const at = (part) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0);
  return { directories: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
