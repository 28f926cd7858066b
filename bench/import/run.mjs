// `npm run bench:import`: how long directories take from their rename to DONE, on each of the three sizes that is installed, with what the
// steps take. A watcher and a database of its own for each round, with everything as it is by default; Orthanc beside it where installed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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
    help: { type: 'boolean', short: 'h' },
  },
});
const QUICK_FILES = 300;
let places = 0;

if (values.help === true) {
  process.stdout.write(`Usage: npm run bench:import -- [--quick] [--json FILE] [--files N] [--only NAME]... [--load NAME]...

  --quick      300 CT slices, two rounds (default: all loads, three rounds); the best round counts
  --json FILE  write {imports: {embedded|postgres|redis: {files, ms, phases}}, loads: {mr|small: the same}, orthanc: {ct|mr|small: {files, ms}}} to FILE
  --files N    how many CT slices (default: ${LOADS.ct.files})
  --only NAME  only ${Object.keys(SIZES).join(', ')} or orthanc
  --load NAME  only ${Object.keys(LOADS).join(', ')}
`);
} else {
  await run();
}

async function run() {
  const rounds = values.quick ? 2 : 3;
  const directory = mkdtempSync(join(tmpdir(), 'sendit-bench-import-'));
  const loads = {};
  const orthanc = {};
  const services = {};
  const isWanted = (name) => values.only?.includes(name) ?? true;
  try {
    for (const [name, open] of Object.entries(SIZES)) if (isWanted(name)) services[name] = await open();
    const warmUp = makeLoad(directory, 'warm-up', WARM_UP);
    const wanted = Object.keys(LOADS).filter((name) => values.load?.includes(name) ?? (!values.quick || name === 'ct'));
    for (const load of wanted) {
      const files = load === 'ct' ? Number(values.files ?? (values.quick ? QUICK_FILES : LOADS.ct.files)) : undefined;
      const sources = makeLoad(directory, load, files === undefined ? LOADS[load] : { ...LOADS[load], files });
      loads[load] = {};
      for (const [name, service] of Object.entries(services)) {
        if (service === undefined) continue;
        const best = await takeBest(rounds, async () =>
          importLoad({ ...toPlace(directory, name), sources, warmUp, env: await service.fresh() }),
        );
        loads[load][name] = best;
        tell(load, name, best);
      }
      if (isWanted('orthanc') && isInstalled()) {
        try {
          const measure = () => importIntoOrthanc(toPlace(directory, 'orthanc').directory, sources);
          orthanc[load] = await takeBest(rounds, measure);
          tell(load, 'orthanc', orthanc[load]);
        } catch (error) {
          process.stderr.write(`${load}: Orthanc could not be measured: ${error.message}\n`);
        }
      }
      for (const source of sources) rmSync(source, { recursive: true });
    }
    const { ct: imports = {}, ...others } = loads;
    if (values.json !== undefined)
      writeFileSync(values.json, `${JSON.stringify({ imports, loads: others, orthanc }, null, 2)}\n`);
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

async function takeBest(rounds, measure) {
  let best;
  for (let round = 0; round < rounds; round++) {
    const result = await measure();
    if (best === undefined || result.ms < best.ms) best = result;
  }
  return best;
}

function tell(load, name, { files, ms, phases }) {
  const rate = Math.round((files / ms) * 1000);
  process.stdout.write(
    `${load.padEnd(6)} ${name.padEnd(10)} ${files} files  ${ms} ms  ${rate} files/s  ${phases === undefined ? '' : JSON.stringify(phases)}\n`,
  );
}
