import { BATCH_STATUSES, type BatchDetail, type BatchStatus, type Clock } from '@sendit/model';
import { expect, test } from 'vitest';
import { followBatch, hasFailed, isSettled } from './follow-batch.ts';

const clock: Clock = { now: () => 0, sleep: async () => undefined };
const at = (status: BatchStatus, filesDone = 0) => ({ id: '17', status, progress: { filesDone } }) as BatchDetail;

async function follow(looks: readonly BatchDetail[], signal = new AbortController().signal): Promise<BatchDetail[]> {
  const [first, ...rest] = looks;
  const seen: BatchDetail[] = [];
  if (first === undefined) return seen;
  const look = async (): Promise<BatchDetail> => rest.shift() ?? Promise.reject(new Error('looked beyond the end'));
  for await (const batch of followBatch(first, look, { signal, clock })) seen.push(batch);
  return seen;
}

test('each change is told once, and nothing is looked at after the end', async () => {
  const looks = [at('QUEUE'), at('QUEUE'), at('PROCESSING', 5), at('PROCESSING', 5), at('PROCESSING', 9), at('DONE')];
  expect(await follow(looks)).toEqual([at('QUEUE'), at('PROCESSING', 5), at('PROCESSING', 9), at('DONE')]);
});

test.each(['DONE', 'EMPTY', 'ERROR', 'QUARANTINED', 'HELD'] as const)('%s is an end', async (status) => {
  expect(await follow([at(status)])).toEqual([at(status)]);
});

test('an abort ends the following without a further look', async () => {
  expect(await follow([at('QUEUE')], AbortSignal.abort())).toEqual([at('QUEUE')]);
});

test('only what somebody has to do something about has failed', () => {
  const failed = BATCH_STATUSES.filter((status) => hasFailed({ status }));
  expect(failed).toEqual(['ERROR', 'QUARANTINED', 'HELD']);
  expect(failed.every((status) => isSettled({ status }))).toBe(true);
});
