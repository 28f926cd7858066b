import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ALL_SCENARIOS } from './all-scenarios.ts';
import { findMissing } from './find-missing.ts';
import { runSenders } from './run-senders.ts';
import { readRows, toRow } from './table.ts';

const short = ALL_SCENARIOS.filter(({ isShort }) => isShort === true);
const able = short.filter((scenario) => findMissing(scenario) === undefined);

/** No sender of the short form pauses. */
const SHORT_QUIET_MS = 1_500;

/** The short form of `npm run senders`. */
test('real senders end with the right batches, none early', async () => {
  const { ran } = await runSenders(able, { quietMs: SHORT_QUIET_MS });
  expect(ran.map(({ scenario, problems }) => ({ name: scenario.name, problems }))).toEqual(
    able.map(({ name }) => ({ name, problems: [] })),
  );
});

for (const { name, reason } of short.map(({ name, ...scenario }) => ({ name, reason: findMissing(scenario) }))) {
  test.skipIf(reason !== undefined)(`${name} can run here${reason === undefined ? '' : `: ${reason}`}`, () => {
    expect(reason).toBeUndefined();
  });
}

test('the table of docs/senders.md has a row for each scenario', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/senders.md'), 'utf8');
  expect(readRows(page)).toEqual(ALL_SCENARIOS.map(toRow));
});

test('each scenario has a name of its own, of which a folder can be made', () => {
  const names = ALL_SCENARIOS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z][a-z-]*$/.test(name))).toEqual([]);
});
