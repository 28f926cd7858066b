// `npm run senders -- [--only NAME…] [--write] [--strict]`
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { ALL_SCENARIOS } from './all-scenarios.ts';
import { runSenders } from './run-senders.ts';
import { replaceTable, toTable } from './table.ts';

const PAGE = 'docs/senders.md';
const HELP = `Usage: npm run senders -- [--only NAME]… [--write] [--strict]

Real senders deliver into watch paths of the built watcher, each with servers of its own on loopback; each must end with the right batches,
none sealed before its last byte. What this machine lacks is skipped, and named.

  --only NAME  only this scenario; may be given again
  --write      write the table into ${PAGE}
  --strict     what is skipped fails the run

Exit code 1 when a scenario failed.
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    write: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help === true) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const { only } = values;
  const unknown = only?.filter((name) => ALL_SCENARIOS.every((scenario) => scenario.name !== name)) ?? [];
  if (unknown.length > 0) {
    throw new TypeError(
      `Expected --only to name one of ${ALL_SCENARIOS.map(({ name }) => name).join(', ')}, got ${unknown.join(', ')}`,
    );
  }
  const scenarios = ALL_SCENARIOS.filter(({ name }) => only?.includes(name) ?? true);
  const result = await runSenders(scenarios, { report: (line) => process.stdout.write(`${line}\n`) });
  const { ran, skipped } = result;
  for (const { scenario, problems, grades, delayMs } of ran) {
    const seconds = ((delayMs ?? 0) / 1000).toFixed(1);
    if (problems.length === 0) process.stdout.write(`passed: ${scenario.name}: ${grades.join(', ')}, ${seconds} s\n`);
    for (const problem of problems) process.stdout.write(`FAILED: ${scenario.name}: ${problem}\n`);
  }
  for (const { scenario, reason } of skipped) process.stdout.write(`skipped: ${scenario.name}: ${reason}\n`);
  const failed = ran.filter(({ problems }) => problems.length > 0).length;
  process.stdout.write(`${ran.length - failed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  if (failed > 0 || (values.strict && skipped.length > 0)) process.exitCode = 1;
  else if (values.write) {
    const table = toTable(result, new Date().toISOString().slice(0, 10));
    await writeFile(PAGE, replaceTable(await readFile(PAGE, 'utf8'), table));
  }
}
