import { type ActionProgress, type ManifestFile, SenditError, silentLogger, type StepAction } from '@sendit/model';
import { expect, test } from 'vitest';
import { attemptOf, KEY } from '../test/fixtures.ts';
import { callStep } from './call-step.ts';
import { defineStep, type Step } from './define-step.ts';

const NEVER = new AbortController().signal;

async function* sealed(): AsyncGenerator<readonly ManifestFile[]> {
  yield [{ path: 'a.dcm', bytes: 1, mtimeNs: 0n, inode: 1n }];
}

interface Given {
  readonly keepProgress?: (progress: ActionProgress) => Promise<void>;
  readonly now?: () => number;
  readonly logger?: typeof silentLogger;
}

function call({ name, run }: Pick<Step, 'name'> & { readonly run: unknown }, given: Given = {}) {
  const step: StepAction = { kind: 'step', name, run, timeoutMs: 60_000, attempts: 3, backoffMs: 1 };
  const attempt = { ...attemptOf('/data/L1'), name, kind: 'step' as const, attempt: 2 };
  const keepProgress = given.keepProgress ?? (async () => undefined);
  return callStep(step, { logger: silentLogger, ...given, attempt, files: sealed(), keepProgress }, NEVER);
}

test('a step gets its batch, the paths of its files, its key and the number of the attempt', async () => {
  const got: unknown[] = [];
  const step = defineStep('thumbnails', async (batch, { attempt, files, idempotencyKey }) => {
    for await (const file of files) got.push(file);
    got.push(batch.id, batch.path, batch.instances, attempt, idempotencyKey);
  });
  expect(await call(step)).toEqual({ kind: 'done', code: null });
  expect(got).toEqual(['/data/L1/a.dcm', '7', '/data/L1', 3, 2, KEY]);
});

test('its progress is kept at once, then once a second, and at the end; a store that is away holds up nothing', async () => {
  const kept: ActionProgress[] = [];
  let now = 0;
  const step = defineStep('slow', (_, { report }) => {
    for (const [at, done] of [
      [0, 1],
      [400, 2],
      [1_100, 3],
      [1_200, 4],
    ] as const) {
      now = at;
      report(done, 4);
      report(Number.NaN, 4);
    }
  });
  const keepProgress = async (progress: ActionProgress): Promise<void> => void kept.push(progress);
  expect(await call(step, { keepProgress, now: () => now })).toMatchObject({ kind: 'done' });
  await expect.poll(() => kept.at(-1)).toEqual({ done: 4, total: 4 });
  expect(kept[0]).toEqual({ done: 1, total: 4 });
  expect(kept.map(({ done }) => done)).not.toContain(2);
  const away = { keepProgress: () => Promise.reject(new Error('away')) };
  expect(await call(step, away)).toMatchObject({ kind: 'done' });
});

test('what it throws is told with its line in the transcript, and without its message in the outcome', async () => {
  const lines: string[] = [];
  const logger = { ...silentLogger, info: (message: string) => void lines.push(message) };
  const failing = defineStep('failing', () => {
    throw new RangeError('of PATIENT^A');
  });
  expect(await call(failing, { logger })).toEqual({
    kind: 'failed',
    code: null,
    reason: 'it threw RangeError',
    again: 'later',
  });
  expect(lines).toEqual([expect.stringMatching(/^The step said: of PATIENT\^A \(.*call-step\.test\.ts:\d+:\d+\)$/)]);
  const hopeless = defineStep('hopeless', () => {
    throw new SenditError('no', { code: 'refused', retry: 'never' });
  });
  expect(await call(hopeless)).toMatchObject({ again: 'never', reason: 'it threw refused' });
});

test('its lines go to the log with the batch and the step', async () => {
  const logged: unknown[] = [];
  const logger = { ...silentLogger, info: (...given: readonly unknown[]) => void logged.push(given) };
  await call(
    defineStep('mine', (_, { log }) => log('kept', { files: 3 })),
    { logger },
  );
  expect(logged).toEqual([['kept', { batch: '7', step: 'mine', files: 3 }]]);
});

test('a step that was not loaded is never called', async () => {
  expect(await call({ name: 'x', run: undefined })).toMatchObject({ kind: 'failed', again: 'never' });
});
