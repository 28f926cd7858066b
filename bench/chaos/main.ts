// `npm run chaos -- --backend embedded|postgres|redis --studies N --faults N --seed S --json FILE`
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type ChaosProgress, type ChaosResult, runChaos } from './run-chaos.ts';
import { BACKENDS } from './schedule.ts';

const HELP = `Usage: npm run chaos -- [--backend embedded|postgres|redis] [--studies N] [--faults N] [--seed S] [--json FILE]

Drops synthetic directories into a watched folder while processes, services and disks fail, then checks with plain SQL and its own
reading of the files that each was imported exactly once and handed on at least once, under one key. Real processes, and services of
its own, on free ports.

  --backend WORD  which size (default: embedded); the others need PostgreSQL, redis needs Redis too
  --studies N     directories to drop (default: 300)
  --faults N      how much goes wrong, half of it kills (default: 20)
  --seed S        what is sent and what fails when; drawn and printed when it is not given
  --json FILE     write {dropped, sealed, done, quarantined, lost, doubled, half, kills, faults, seed, seconds, …} to FILE
  --no-full-disk  do not mount small disks to fill them (needs root anyway)

As root the watch path is a mount, so that it can be unmounted, a second watcher is started in a container's namespaces, and the
processes run without the capability to read what nobody may, so that files can be locked.

Exit code 1 when something was lost, doubled or imported by half, a second watcher was not refused, or something did not end in time or
did not stop cleanly. Ctrl-C ends it and removes everything.

  npm run chaos -- --backend redis --studies 5000 --faults 200 --json chaos.json
`;

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'embedded' },
    studies: { type: 'string', default: '300' },
    faults: { type: 'string', default: '20' },
    seed: { type: 'string' },
    json: { type: 'string' },
    'no-full-disk': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help === true) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const backend = BACKENDS.find((word) => word === values.backend);
  if (backend === undefined) {
    throw new TypeError(`Expected --backend to be one of ${BACKENDS.join(', ')}, got "${values.backend}"`);
  }
  const studies = toWhole('studies', values.studies);
  const faults = toWhole('faults', values.faults);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : toWhole('seed', values.seed);
  process.stdout.write(`${backend}: ${studies} directories, ${faults} faults, seed ${seed}\n`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort(new Error('interrupted')));
  const show = createDisplay({ studies, faults });
  try {
    const smallDisks = !values['no-full-disk'];
    const result = await runChaos({ backend, studies, faults, seed, smallDisks, onProgress: show }, interrupted.signal);
    report(result);
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
    const { admitted, lost, doubled, half, becameIdle, uncleanStops } = result;
    if (lost + doubled + half + admitted + uncleanStops > 0 || !becameIdle) process.exitCode = 1;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.stderr.write('Interrupted; everything is removed.\n');
    process.exitCode = 130;
  }
}

function toWhole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError(`Expected --${name} to be a whole number of at least 0, got "${text}"`);
}

/** One line that is written over on a terminal, and one now and then elsewhere. */
function createDisplay(total: { studies: number; faults: number }): (progress: ChaosProgress) => void {
  const started = performance.now();
  const { isTTY } = process.stderr;
  const pauseMs = isTTY ? 200 : 10_000;
  let shownAt = Number.NEGATIVE_INFINITY;
  let phase: string | undefined;
  return (progress) => {
    const now = performance.now();
    if (progress.phase === phase && now - shownAt < pauseMs) return;
    ({ phase } = progress);
    shownAt = now;
    const seconds = Math.round((now - started) / 1000);
    const { sent, faults, fault } = progress;
    const line = `${seconds} s  ${phase}  ${sent}/${total.studies} sent  ${faults}/${total.faults} faults  ${fault ?? ''}`;
    process.stderr.write(isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  };
}

function report(result: ChaosResult): void {
  const { problems, faultKinds, ...numbers } = result;
  if (process.stderr.isTTY) process.stderr.write('\n');
  for (const problem of problems.slice(0, 50)) process.stdout.write(`${problem}\n`);
  if (problems.length > 50) process.stdout.write(`… and ${problems.length - 50} more\n`);
  process.stdout.write(`${JSON.stringify(faultKinds)}\n${JSON.stringify(numbers)}\n`);
}
