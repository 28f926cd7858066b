// `npm run bench:cli`: what a call of the command line costs, as a multiple of a bare `node -e 0`. A watcher runs on the embedded database;
// every command is a process of its own, the commands take turns, and the median of each counts. Ends with 1 beyond the limits below.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const CLI = fileURLToPath(new URL('../../apps/cli/bin/run.js', import.meta.url));
/** Times a bare node. */
const LIMITS = { '--version': 2.5, 'batch list': 4 };
const COMMANDS = ['--version', '--help', 'batch list', 'batch list --json', 'watcher status', 'watcher logs'];
const SETTLE = 2;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '21' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help === true) {
  process.stdout.write('Usage: npm run bench:cli -- [--rounds N] [--json FILE]\n');
} else {
  bench(Number(values.rounds));
}

function bench(rounds) {
  const dir = mkdtempSync(join(tmpdir(), 'sendit-bench-cli-'));
  const env = { ...process.env, SENDIT_STATE_DIR: join(dir, 'state'), SENDIT_PORTAL_ENABLED: 'false' };
  const call = (args) => {
    const began = process.hrtime.bigint();
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: dir, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
    return Number(process.hrtime.bigint() - began) / 1e6;
  };
  mkdirSync(join(dir, 'data'));
  call([CLI, 'watcher', 'start', '--data', join(dir, 'data')]);
  try {
    const times = { node: [], ...Object.fromEntries(COMMANDS.map((command) => [command, []])) };
    for (let round = 0; round < rounds + SETTLE; round += 1) {
      for (const [command, taken] of Object.entries(times)) {
        const ms = call(command === 'node' ? ['-e', '0'] : [CLI, ...command.split(' ')]);
        if (round >= SETTLE) taken.push(ms);
      }
    }
    report(times);
  } finally {
    call([CLI, 'watcher', 'stop']);
    rmSync(dir, { recursive: true, force: true });
  }
}

function report(times) {
  const median = (list) => list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)];
  const bare = median(times.node);
  const rows = Object.entries(times).map(([command, taken]) => {
    const ms = median(taken);
    return { command, ms: Math.round(ms), ratio: Number((ms / bare).toFixed(2)), limit: LIMITS[command] ?? null };
  });
  for (const { command, ms, ratio, limit } of rows) {
    const verdict = limit === null ? '' : ratio <= limit ? `  at most ${limit}: yes` : `  at most ${limit}: NO`;
    process.stdout.write(
      `${command.padEnd(18)} ${String(ms).padStart(5)} ms  ${ratio.toFixed(2).padStart(5)} x${verdict}\n`,
    );
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
  if (rows.some(({ limit, ratio }) => limit !== null && ratio > limit)) process.exitCode = 1;
}
