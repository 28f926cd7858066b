import type { BatchDetail } from '@sendit/api';
import { BATCH_STATUSES, type BatchStatus, type Clock } from '@sendit/model';
import { expect, test } from 'vitest';
import { type BatchSource, followBatch, hasFailed, isSettled } from './follow-batch.ts';

const clock: Clock = { now: () => 0, sleep: async () => undefined };
const at = (status: BatchStatus, filesDone = 0) => ({ id: '17', status, progress: { filesDone } }) as BatchDetail;

/** Each look is the next of a row; a list has the batch only while its state is the one that is asked for. */
function newSource(rest: BatchDetail[]): BatchSource & { readonly shown: BatchStatus[] } {
  const shown: BatchStatus[] = [];
  return {
    shown,
    list: async ({ status }) => {
      const results = rest[0] !== undefined && status?.includes(rest[0].status) === true ? rest.splice(0, 1) : [];
      return { count: results.length, next: null, previous: null, results };
    },
    show: async () => {
      const next = rest.shift();
      if (next === undefined) throw new Error('looked beyond the end');
      shown.push(next.status);
      return next;
    },
  };
}

async function follow(looks: readonly BatchDetail[], signal = new AbortController().signal): Promise<BatchDetail[]> {
  const [first, ...rest] = looks;
  const seen: BatchDetail[] = [];
  if (first === undefined) return seen;
  for await (const batch of followBatch(first, newSource(rest), { signal, clock })) seen.push(batch);
  return seen;
}

test('each change is told once, and nothing is looked at after the end', async () => {
  const looks = [at('QUEUE'), at('QUEUE'), at('PROCESSING', 5), at('PROCESSING', 5), at('PROCESSING', 9), at('DONE')];
  expect(await follow(looks)).toEqual([at('QUEUE'), at('PROCESSING', 5), at('PROCESSING', 9), at('DONE')]);
});

test('details are asked for when the state changes, not at each look', async () => {
  const looks = [at('QUEUE'), at('PROCESSING', 5), at('PROCESSING', 9), at('PROCESSING', 11), at('DONE')];
  const source = newSource(looks);
  const { signal } = new AbortController();
  const seen: BatchDetail[] = [];
  for await (const batch of followBatch(at('QUEUE'), source, { signal, clock })) seen.push(batch);
  expect(seen.map(({ progress }) => progress?.filesDone)).toEqual([0, 5, 9, 11, 0]);
  expect(source.shown).toEqual(['PROCESSING', 'DONE']);
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
