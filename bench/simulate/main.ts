// `npm run simulate -- --studies N --seed S --json FILE`
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type SimulationResult, simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    studies: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    'quiet-ms': { type: 'string', default: '15000' },
    json: { type: 'string' },
  },
});
const result = simulate({
  studies: toWhole('studies', values.studies),
  seed: toWhole('seed', values.seed),
  quietMs: toWhole('quiet-ms', values['quiet-ms']),
});
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
process.stdout.write(`${toTable(result)}\n`);

function toWhole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new TypeError(`Expected --${name} to be a whole number of at least 0, got "${text}"`);
}

function toTable({ profiles, studies, seed, quietMs }: SimulationResult): string {
  const ms = (value: number | null): string => (value === null ? '–' : value.toFixed(value < 100 ? 1 : 0));
  const rows = Object.entries(profiles).map(([name, one]) =>
    [
      `\`${name}\``,
      one.early,
      one.held,
      one.quarantined,
      one.never,
      ms(one.latenessP50Ms),
      ms(one.latenessP99Ms),
      ms(one.provenP50Ms),
      ms(one.quietP50Ms),
      `${one.contractBroken.early} of ${one.contractBroken.studies}`,
      `${one.silent.early} of ${one.silent.studies}`,
      `${one.late.reported} of ${one.late.studies}`,
    ].join(' | '),
  );
  return [
    `${studies} studies, seed ${seed}, quietMs ${quietMs}`,
    '',
    '| policy | early | held | quarantined | never | late p50 ms | late p99 ms | proven p50 ms | quiet p50 ms | early, contract broken | early, silent sender | late files reported |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}
