// What every engine of the benchmark speaks: READY when its watches stand, then DUMP with the final directories it has reported.
import { createInterface } from 'node:readline';

const TEMPORARY = /\.tmp\d+$/;
const FINAL = /(?:^|\/)(x_\d+)$/;

const say = (line) => process.stdout.write(`${line}\n`);

/** Runs one engine in this process; `open(root, onPath, onOverflow)` resolves when its watches stand. */
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
  await open(process.argv[2], onPath, () => {
    overflows += 1;
  });
  say(`READY ${JSON.stringify({ ms: Number(process.hrtime.bigint() - started) / 1e6, pid: pid() })}`);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'count') say(`COUNT ${seen.size}`);
    if (line === 'dump') {
      const times = Object.fromEntries([...seen].map(([name, at]) => [name, String(at)]));
      say(`DUMP ${JSON.stringify({ times, overflows })}`);
    }
    if (line === 'quit') process.exit(0);
  }
  process.exit(0);
}
