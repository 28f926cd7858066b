// What every engine of the benchmark speaks: READY when its watches stand, then DUMP with the final directories it has reported.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

const TEMPORARY = /\.tmp\d+$/;
const FINAL = /(?:^|\/)(x_\d+)$/;

const say = (line) => process.stdout.write(`${line}\n`);

/** Coarse, so that measuring costs nothing; the pause itself is not a delay. */
const RESOLUTION_MS = 10;

/** Runs one engine in this process; `open(root, onPath, onOverflow, isFlat)` resolves when its watches stand. */
export async function serve(open, { pid = () => process.pid } = {}) {
  const seen = new Map();
  let overflows = 0;
  let last = 0n;
  const onPath = (path) => {
    if (TEMPORARY.test(path)) return;
    const name = FINAL.exec(path)?.[1];
    if (name === undefined || seen.has(name)) return;
    last = process.hrtime.bigint();
    seen.set(name, last);
  };
  const started = process.hrtime.bigint();
  const onOverflow = () => {
    overflows += 1;
  };
  await open(process.argv[2], onPath, onOverflow, process.argv[3] === 'flat');
  say(`READY ${JSON.stringify({ ms: Number(process.hrtime.bigint() - started) / 1e6, pid: pid() })}`);
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'count') say(`COUNT ${seen.size}`);
    if (line === 'dump') {
      const times = Object.fromEntries([...seen].map(([name, at]) => [name, String(at)]));
      const loopDelayMaxMs = Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
      say(`DUMP ${JSON.stringify({ times, overflows, loopDelayMaxMs })}`);
    }
    if (line === 'throw') throw new Error('asked for');
    if (line === 'quit') process.exit(0);
  }
  process.exit(0);
}
