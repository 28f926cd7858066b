// `npm run bench:import`: how long directories take from their rename to DONE, on each of the three sizes that is installed, with what the
// steps take and what a directory costs. A watcher and a database of its own for each round, with everything as it is by default; the floor
// (floor.mjs) beside it, and Orthanc where installed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runFloor } from './floor.mjs';
import { LOADS, makeLoad, WARM_UP } from './loads.mjs';
import { importLoad } from './import-load.mjs';
import { importIntoOrthanc, isInstalled } from './orthanc.mjs';
import { SIZES } from './sizes.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    files: { type: 'string' },
    only: { type: 'string', multiple: true },
    load: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const QUICK_FILES = 300;
let places = 0;

if (values.help === true) {
  process.stdout.write(`Usage: npm run bench:import -- [--quick] [--json FILE] [--files N] [--rounds N] [--only NAME]... [--load NAME]...

  --quick      300 CT slices, one round (default: all loads, three rounds); the median round counts
  --json FILE  write {loads: {NAME: {embedded|postgres|redis: {ms, filesPerS, directoriesPerS, statementsPerDirectory, commitsPerDirectory,
               cpuMsPerDirectory, …}, orthanc: {…}, floor: {embedded|postgres|redis: {ms, filesPerS, directoriesPerS}}}}} to FILE
  --files N    how many CT slices (default: ${LOADS.ct.files})
  --rounds N   how many rounds (default: 3)
  --only NAME  only ${Object.keys(SIZES).join(', ')}, orthanc or floor
  --load NAME  only ${Object.keys(LOADS).join(', ')}

commitsPerDirectory is how often somebody waited for the disk: an fsync of the embedded engine, a sync of a server's log.
`);
} else {
  await run();
}

async function run() {
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  const directory = mkdtempSync(join(tmpdir(), 'sendit-bench-import-'));
  const loads = {};
  const services = {};
  const isWanted = (name) => values.only?.includes(name) ?? true;
  const isFloorAlone = isWanted('floor') && !Object.keys(SIZES).some(isWanted);
  try {
    for (const [name, open] of Object.entries(SIZES)) if (isWanted(name) || isFloorAlone) services[name] = await open();
    const warmUp = makeLoad(directory, 'warm-up', WARM_UP);
    const wanted = Object.keys(LOADS).filter((name) => values.load?.includes(name) ?? (!values.quick || name === 'ct'));
    for (const load of wanted) {
      const files = load === 'ct' ? Number(values.files ?? (values.quick ? QUICK_FILES : LOADS.ct.files)) : undefined;
      const sources = makeLoad(directory, load, files === undefined ? LOADS[load] : { ...LOADS[load], files });
      loads[load] = { floor: {} };
      for (const [name, service] of Object.entries(services)) {
        if (service === undefined) continue;
        if (isWanted('floor')) {
          const measure = async () => runFloor({ ...toPlace(directory, name), sources, env: await service.fresh() });
          loads[load].floor[name] = toRates(await takeMedian(rounds, measure), sources);
          tell(load, `floor ${name}`, loads[load].floor[name]);
        }
        if (!isWanted(name)) continue;
        const measure = async () =>
          importLoad({ ...toPlace(directory, name), sources, warmUp, env: await service.fresh() });
        loads[load][name] = await takeMedian(rounds, measure);
        tell(load, name, loads[load][name]);
      }
      if (isWanted('orthanc') && isInstalled()) {
        try {
          const measure = () => importIntoOrthanc(toPlace(directory, 'orthanc').directory, sources);
          loads[load].orthanc = toRates(await takeMedian(rounds, measure), sources);
          tell(load, 'orthanc', loads[load].orthanc);
        } catch (error) {
          process.stderr.write(`${load}: Orthanc could not be measured: ${error.message}\n`);
        }
      }
      for (const source of sources) rmSync(source, { recursive: true });
    }
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ loads }, null, 2)}\n`);
  } finally {
    for (const service of Object.values(services)) await service?.[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A new directory for one round. */
function toPlace(directory, name) {
  places += 1;
  const path = join(directory, `${name}-${places}`);
  mkdirSync(path);
  return { directory: path };
}

async function takeMedian(rounds, measure) {
  const results = [];
  for (let round = 0; round < rounds; round++) results.push(await measure());
  return results.toSorted((a, b) => a.ms - b.ms)[Math.floor(rounds / 2)];
}

function toRates({ files, ms }, sources) {
  const rate = (count) => Number(((count / ms) * 1000).toFixed(1));
  return { files, ms, filesPerS: rate(files), directoriesPerS: rate(sources.length) };
}

function tell(load, name, { files, ms, filesPerS, directoriesPerS, ...rest }) {
  process.stdout.write(
    `${load.padEnd(6)} ${name.padEnd(15)} ${files} files  ${ms} ms  ${filesPerS} files/s  ${directoriesPerS} directories/s  ${JSON.stringify(rest)}\n`,
  );
}
