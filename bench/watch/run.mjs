// Every watch engine on the same workloads in one run: npm run bench:watch -- [--quick] [--json FILE] [--engines a,b] [--runs N]
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { measureBurst, measureExits, measureOverflow, measureStart } from './measure.mjs';
import { toTable } from './table.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    engines: { type: 'string' },
    runs: { type: 'string' },
  },
});
const SMALL_TREE = { dirs: values.quick ? 200 : 300, files: 50 };
const SIZES = values.quick
  ? { ...SMALL_TREE, latencies: 60, bursts: [3_000], overflow: 6_000, runs: 1, ownRuns: 1, quietMs: 500 }
  : {
      dirs: 2_000,
      files: 100,
      latencies: 300,
      bursts: [20_000, 40_000],
      overflow: 20_000,
      runs: 3,
      ownRuns: 10,
      quietMs: 5_000,
    };

/** Directories beside which latency is measured again. */
const CROWD = 5_000;

const python = (module) => ['/usr/bin/python3', ['-c', `import ${module}`]];
/** `flat`: it can watch one directory alone. `smallTree`: it holds a watch for every file, which a large tree has too many of. */
const ENGINES = {
  sendit: { file: 'sendit.mjs', flat: true, isOurs: true },
  chokidar: { file: 'chokidar.mjs', flat: true, smallTree: true },
  parcel: { file: 'parcel.mjs', needs: [process.execPath, ['-e', 'require("@parcel/watcher")']] },
  fswatch: { file: 'fswatch.mjs', flat: true, smallTree: true },
  pyinotify: { file: 'with_pyinotify.py', flat: true, needs: python('pyinotify') },
  watchdog: { file: 'with_watchdog.py', flat: true, needs: python('watchdog') },
  inotifywait: { file: 'inotifywait.mjs', flat: true, needs: ['inotifywait', ['--help']], started: 1 },
  watchman: { file: 'watchman.mjs', needs: ['watchman', ['--version']] },
};

const isInstalled = ({ needs, started = 0 }) => {
  if (needs === undefined) return true;
  const { status } = spawnSync(...needs, { stdio: 'ignore' });
  return status === 0 || (started === 1 && status === 1);
};

const median = (numbers) => {
  const sorted = numbers.filter((one) => one !== null).toSorted((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)];
};

/** Medians, except what must never happen: there the worst. */
function summarise(runs) {
  return Object.fromEntries(
    Object.keys(runs[0]).map((key) => {
      const all = runs.map((one) => one[key]);
      if (key === 'missed') return [key, Math.max(...all)];
      if (typeof all[0] === 'boolean') return [key, all.every(Boolean)];
      return [key, round(median(all))];
    }),
  );
}

const round = (number) => (number === null ? null : Number(number.toFixed(3)));

async function repeat(measure, { runs, ...options }) {
  const results = [];
  for (let i = 0; i < runs; i++) results.push(await measure(options));
  return summarise(results);
}

function makeTree(tree, { dirs, files }) {
  for (let i = 0; i < dirs; i++) {
    const dir = join(tree, `g${Math.floor(i / 20)}`, `d${i}`);
    mkdirSync(dir, { recursive: true });
    for (let k = 0; k < files; k++) writeFileSync(join(dir, `im${k}.dcm`), 'DICM');
  }
}

async function measureEngine({ file, flat = false, smallTree = false, isOurs = false }, { base, trees }) {
  const { bursts, latencies, overflow, ownRuns, quietMs, runs } = SIZES;
  const tree = smallTree ? trees.small : trees.large;
  const common = { file, base, tree, quietMs, latencies, runs: Number(values.runs ?? (smallTree ? 1 : runs)) };
  const many = { ...common, runs: isOurs ? Number(values.runs ?? ownRuns) : common.runs };
  const [usual, large] = bursts;
  const crowd = isOurs || !values.quick ? CROWD : 0;
  const result = await repeat(measureStart, { ...common, crowd });
  result.burst = await repeat(measureBurst, { ...many, count: usual });
  if (flat && (isOurs || !values.quick))
    result.flatBurst = await repeat(measureBurst, { ...many, count: usual, kind: 'flat' });
  if (large !== undefined) result.largeBurst = await repeat(measureBurst, { ...many, count: large });
  if (flat && large !== undefined)
    result.flatLargeBurst = await repeat(measureBurst, { ...many, count: large, kind: 'flat' });
  result.overflow = await repeat(measureOverflow, { ...common, count: overflow });
  if (isOurs) result.exitMs = await measureExits(common);
  return result;
}

/** tmpfs where there is one: a disk is too slow to press any engine. */
function fastFolder() {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

const base = mkdtempSync(join(fastFolder(), 'sendit-bench-'));
const engines = {};
const absent = [];
const failed = [];
try {
  const trees = { large: join(base, 'tree'), small: join(base, values.quick ? 'tree' : 'small-tree') };
  makeTree(trees.large, SIZES);
  if (trees.small !== trees.large) makeTree(trees.small, SMALL_TREE);
  const wanted = values.engines?.split(',') ?? Object.keys(ENGINES);
  for (const name of wanted) {
    const engine = ENGINES[name];
    if (engine === undefined)
      throw new TypeError(`Expected engines among ${Object.keys(ENGINES).join(', ')}, got ${name}`);
    if (!isInstalled(engine)) {
      absent.push(name);
      continue;
    }
    const began = performance.now();
    try {
      engines[name] = await measureEngine(engine, { base, trees });
    } catch (error) {
      failed.push(`${name} (${error.message})`);
    }
    process.stderr.write(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  }
} finally {
  rmSync(base, { recursive: true, force: true });
}
process.stdout.write(`${toTable(engines, { absent, failed })}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ engines }, null, 2)}\n`);
