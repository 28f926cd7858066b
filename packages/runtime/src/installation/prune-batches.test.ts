import type { PruneQuery } from '@sendit/api';
import { expect, test } from 'vitest';
import { pruneBatches } from './prune-batches.ts';

const QUERY = { endedBefore: '2025-03-01T00:00:00.000Z', dryRun: false };

function openSlices(onSlice: () => void = () => undefined) {
  const asked: PruneQuery[] = [];
  const api = {
    pruneBatches: async (query: PruneQuery) => {
      asked.push(query);
      onSlice();
      return { batches: 2, files: 5, next: asked.length < 3 ? String(asked.length) : null };
    },
  };
  return { asked, api };
}

test('goes slice by slice to the end, and adds up', async () => {
  const { api, asked } = openSlices();
  const progress: number[] = [];
  const options = {
    onProgress: (batches: number) => void progress.push(batches),
    signal: new AbortController().signal,
  };
  const report = await pruneBatches(api, QUERY, options);
  expect(report).toEqual({ dryRun: false, batches: 6, files: 15, isInterrupted: false });
  expect(asked.map(({ after }) => after)).toEqual([undefined, '1', '2']);
  expect(progress).toEqual([2, 4, 6]);
});

test('ends after the slice in which it is interrupted, and says so', async () => {
  const controller = new AbortController();
  const { api, asked } = openSlices(() => controller.abort());
  const report = await pruneBatches(api, QUERY, { onProgress: () => undefined, signal: controller.signal });
  expect(report).toEqual({ dryRun: false, batches: 2, files: 5, isInterrupted: true });
  expect(asked).toHaveLength(1);
});
