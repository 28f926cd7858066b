import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  describeWith,
  exited,
  type SharedPostgres,
  sharedPostgres,
  waitUntil,
  writeSyntheticStudy,
} from '@sendit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './harness.ts';

const WORKER = fileURLToPath(new URL('../bin/worker.js', import.meta.url));
/** Notes each run of each step; the first does not end before there is a gate. */
const STEPS = `import { appendFile, access } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { defineStep } from '@sendit/actions';

const note = (name: string, key: string) => appendFile(new URL('runs.txt', import.meta.url), \`\${name} \${key}\\n\`);
const isOpen = () => access(new URL('gate', import.meta.url)).then(() => true, () => false);

export const first = defineStep('first', async (_batch, { idempotencyKey, report, signal }) => {
  await note('first', idempotencyKey);
  report(1, 2);
  while (!(await isOpen())) await setTimeout(50, undefined, { signal });
});
export const second = defineStep('second', async (_batch, { idempotencyKey }) => note('second', idempotencyKey));
`;

describeWith(['postgres'], 'steps of a worker that is a process of its own', () => {
  let postgres: SharedPostgres;

  beforeAll(async () => {
    postgres = await sharedPostgres();
  });
  afterAll(async () => {
    await postgres[Symbol.asyncDispose]();
  });

  test('kill -9 in the middle of a step: it runs again by its key, then the next', async () => {
    await using at = await openAt();
    await at.start('--config', 'sendit.config.json');
    const worker = spawnWorker(at);
    await writeSyntheticStudy(join(at.directory, 'data/L1.tmp'), { series: [{ instances: 2, rows: 4 }] });
    await rename(join(at.directory, 'data/L1.tmp'), join(at.directory, 'data/L1'));
    await waitUntil('the first step to run', async () => (await readRuns(at)).length === 1, 60_000);
    await waitUntil('its progress', async () => (await actionsOf(at))[0]?.progress?.done === 1);
    worker.kill('SIGKILL');
    await exited(worker);
    expect(await actionsOf(at)).toMatchObject([
      { name: 'first', kind: 'step', state: 'running', attempts: 1 },
      { name: 'second', kind: 'step', state: 'pending', attempts: 0 },
    ]);

    await writeFile(join(at.directory, 'gate'), '');
    spawnWorker(at);
    const [first, second] = await waitUntil(
      'both steps to be done',
      async () => {
        const found = await actionsOf(at);
        return found.every(({ state }) => state === 'done') ? found : undefined;
      },
      120_000,
    );
    expect(first).toMatchObject({ attempts: 2 });
    expect(second).toMatchObject({ attempts: 1 });
    expect(await readRuns(at)).toEqual([`first ${first?.id}`, `first ${first?.id}`, `second ${second?.id}`]);
  }, 240_000);

  async function openAt(): Promise<Installation> {
    const at = await Installation.open({ DATABASE_URL: await postgres.createDatabase() });
    await mkdir(join(at.directory, 'data'), { recursive: true });
    await writeFile(join(at.directory, 'steps.ts'), STEPS);
    const watchPaths = [{ folder: 'data', events: 'IN_ALL_EVENTS', processor: 'DicomQueue', name: 'data' }];
    const worker = { steps: ['./steps.ts#first', './steps.ts#second'] };
    await writeFile(join(at.directory, 'sendit.config.json'), JSON.stringify({ watchPaths, worker }));
    return at;
  }
});

function spawnWorker(at: Installation): ChildProcess {
  const env = { ...process.env, ...at.env };
  const worker = spawn(process.execPath, [WORKER], { cwd: at.directory, env, stdio: 'ignore' });
  at.adopt(worker);
  return worker;
}

async function actionsOf(at: Installation) {
  return (await at.api.listActions({ batch: 'L1' })).results;
}

async function readRuns(at: Installation): Promise<readonly string[]> {
  const text = await readFile(join(at.directory, 'runs.txt'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
