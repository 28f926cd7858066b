// `npm run verify`: every check and test, then what takes minutes, one after the other, within an hour. Each step can be run alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const STEPS = [
  ['run', 'check'],
  ['exec', '--', 'vitest', 'run', '--project', 'long'],
  ['run', 'senders'],
  ['run', 'fuzz:dicom', '--', '--mutants', '500000'],
  ...['embedded', 'postgres', 'redis'].map((backend) =>
    `run chaos -- --backend ${backend} --studies 600 --faults 40`.split(' '),
  ),
  ['run', 'soak', '--', '--minutes', '5'],
];

let failed = 0;
for (const args of STEPS) {
  const line = `npm ${args.join(' ')}`;
  const begun = performance.now();
  process.stdout.write(`\n=== ${line}\n`);
  const [code] = await once(spawn('npm', args, { stdio: 'inherit' }), 'exit');
  if (code !== 0) failed += 1;
  process.stdout.write(
    `=== ${code === 0 ? 'passed' : 'FAILED'} after ${Math.round((performance.now() - begun) / 1000)} s: ${line}\n`,
  );
}
process.stdout.write(`${STEPS.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
