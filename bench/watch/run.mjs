// Every watch engine on the same workloads in one run: npm run bench:watch -- [--quick] [--json FILE] [--engines a,b] [--runs N]
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { measureBurst, measureOverflow, measureStart } from './measure.mjs';
import { toTable } from './table.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    engines: { type: 'string' },
    runs: { type: 'string' },
  },
});
const SIZES = values.quick
  ? { dirs: 300, files: 50, latencies: 60, bursts: [3_000], overflow: 6_000, runs: 1, quietMs: 500 }
  : { dirs: 2_000, files: 100, latencies: 300, bursts: [20_000, 40_000], overflow: 20_000, runs: 3, quietMs: 5_000 };

const python = (module) => ['/usr/bin/python3', ['-c', `import ${module}`]];
const ENGINES = {
  sendit: { file: 'sendit.mjs' },
  chokidar: { file: 'chokidar.mjs' },
  parcel: { file: 'parcel.mjs', needs: [process.execPath, ['-e', 'require("@parcel/watcher")']] },
  fswatch: { file: 'fswatch.mjs' },
  pyinotify: { file: 'with_pyinotify.py', needs: python('pyinotify') },
  watchdog: { file: 'with_watchdog.py', needs: python('watchdog') },
  inotifywait: { file: 'inotifywait.mjs', needs: ['inotifywait', ['--help']], started: 1 },
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

async function repeat(measure, options) {
  const runs = [];
  for (let i = 0; i < Number(values.runs ?? SIZES.runs); i++) runs.push(await measure(options));
  return summarise(runs);
}

function makeTree(base) {
  const tree = join(base, 'tree');
  for (let i = 0; i < SIZES.dirs; i++) {
    const dir = join(tree, `g${Math.floor(i / 20)}`, `d${i}`);
    mkdirSync(dir, { recursive: true });
    for (let k = 0; k < SIZES.files; k++) writeFileSync(join(dir, `im${k}.dcm`), 'DICM');
  }
  return tree;
}

async function measureEngine({ file }, { base, tree }) {
  const common = { file, base, tree, quietMs: SIZES.quietMs, latencies: SIZES.latencies };
  const result = await repeat(measureStart, common);
  const bursts = [];
  for (const count of SIZES.bursts) bursts.push(await repeat(measureBurst, { ...common, count }));
  result.burst = bursts[0];
  if (bursts.length > 1) result.largeBurst = bursts[1];
  result.overflow = await repeat(measureOverflow, { ...common, count: SIZES.overflow });
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
try {
  const tree = makeTree(base);
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
    engines[name] = await measureEngine(engine, { base, tree });
    process.stderr.write(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  }
} finally {
  rmSync(base, { recursive: true, force: true });
}
process.stdout.write(`${toTable(engines, absent)}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ engines }, null, 2)}\n`);
