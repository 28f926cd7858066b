import { type ImportedInstance, silentLogger } from '@sendit/model';
import { expect, test } from 'vitest';
import { fewSlices } from '../../examples/few-slices.ts';
import { type Check, type CheckedBatch, defineCheck } from './define-check.ts';
import { CheckedInstances, MOST_CHECKED, runChecks } from './run-checks.ts';

const NEVER = new AbortController().signal;
const instance = (path: string): ImportedInstance => ({ series: 0, path }) as unknown as ImportedInstance;
const CHECKED = {
  batch: { id: '7', path: '/data/L1', files: 2, bytes: 20, instances: 2 },
  studies: [],
  series: [{ modality: 'CT' }],
  instances: [instance('a'), instance('b')],
} as unknown as CheckedBatch;

const run = (...checks: readonly Check[]) => runChecks(checks, CHECKED, { logger: silentLogger, signal: NEVER });

test('the example finds a series of few slices, and names its first file', async () => {
  expect(await run(fewSlices)).toEqual([
    {
      code: 'own-few-slices',
      severity: 'warning',
      path: 'a',
      message: 'The series of this file has 2 images, fewer than 10.',
    },
  ]);
});

test('one that throws, gives no findings or takes too long is a finding, with its line in the transcript, and the others go on', async () => {
  const lines: string[] = [];
  const logger = { ...silentLogger, info: (message: string) => void lines.push(message) };
  const checks = [
    defineCheck('own-throws', () => {
      throw new RangeError('of PATIENT^A');
    }),
    defineCheck('own-nothing', () => 5 as never),
    defineCheck('own-odd', () => [{ massage: 'x' }] as never),
    defineCheck('own-slow', () => new Promise<never>(() => undefined), { timeoutMs: 5 }),
    defineCheck('own-well', () => [{ message: 'It is\nso.', severity: 'info' }]),
  ];
  expect(
    (await runChecks(checks, CHECKED, { logger, signal: NEVER })).map(({ code, message }) => [code, message]),
  ).toEqual([
    ['check-failed', 'The check own-throws failed (RangeError).'],
    ['check-failed', 'The check own-nothing failed (TypeError).'],
    ['check-failed', 'The check own-odd failed (TypeError).'],
    ['check-failed', 'The check own-slow failed (TimeoutError).'],
    ['own-well', 'It is so.'],
  ]);
  expect(lines[0]).toMatch(/^The check own-throws said: of PATIENT\^A \(.*run-checks\.test\.ts:\d+:\d+\)$/);
});

test('a stop ends them', async () => {
  const stop = AbortSignal.abort(new Error('stop'));
  await expect(runChecks([fewSlices], CHECKED, { logger: silentLogger, signal: stop })).rejects.toThrow('stop');
});

test('of a batch without end they see the first instances', () => {
  const seen = new CheckedInstances();
  const part = Array.from({ length: MOST_CHECKED - 1 }, () => instance('x'));
  seen.add(part);
  seen.add([instance('y'), instance('z')]);
  expect(seen.all).toHaveLength(MOST_CHECKED);
  expect(seen.all.at(-1)?.path).toBe('y');
});
