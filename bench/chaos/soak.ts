// `npm run soak -- --minutes N --rate R --json FILE`
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runSoak } from './run-soak.ts';
import { BACKENDS } from './schedule.ts';

const HELP = `Usage: npm run soak -- [--backend embedded|postgres|redis] [--minutes N] [--rate R] [--seed S] [--json FILE]

Drops small directories at a steady rate and records memory, open handles, threads and the size of the database; then checks that each
was imported exactly once.

  --backend WORD  which size (default: embedded)
  --minutes N     how long (default: 30)
  --rate R        directories a second (default: 2)
  --seed S        what is sent (default: 1)
  --json FILE     write every figure to FILE

Exit code 1 when memory or handles grew beyond their bounds, or something was lost, doubled or imported by half.
`;

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'embedded' },
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help === true) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const backend = BACKENDS.find((word) => word === values.backend);
  if (backend === undefined) throw new TypeError(`Expected --backend to be one of ${BACKENDS.join(', ')}`);
  const [minutes, rate, seed] = [values.minutes, values.rate, values.seed].map(Number);
  if (!(Number(minutes) > 0 && Number(rate) > 0 && Number.isSafeInteger(seed))) {
    throw new TypeError('Expected --minutes and --rate above 0, and --seed as a whole number');
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  const onSample = (sample: object): void => void process.stderr.write(`${JSON.stringify(sample)}\n`);
  const options = { backend, minutes: Number(minutes), rate: Number(rate), seed: Number(seed), onSample };
  const { samples, problems, ...result } = await runSoak(options, interrupted.signal);
  for (const problem of problems.slice(0, 50)) process.stdout.write(`${problem}\n`);
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify({ ...result, problems, samples }, undefined, 2)}\n`);
  }
  if (!result.bounded || result.lost + result.doubled + result.half > 0) process.exitCode = 1;
}
