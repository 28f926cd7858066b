import type { BatchQuery, BatchSummary } from '@sendit/api';
import { expect, test } from 'vitest';
import { listAllBatches } from './list-batches.ts';

test('a long list is asked for page by page, each after the last of the one before', async () => {
  const all = Array.from({ length: 2_500 }, (_, index) => ({ id: String(2_500 - index) }) as BatchSummary);
  const asked: BatchQuery[] = [];
  const api = {
    listBatches: (query: BatchQuery) => {
      asked.push(query);
      const from = all.filter(({ id }) => query.after === undefined || Number(id) < Number(query.after));
      return Promise.resolve(from.slice(query.offset ?? 0, (query.offset ?? 0) + (query.limit ?? 50)));
    },
  };
  const ids = (await listAllBatches(api, { status: 'DONE', offset: 100, limit: 2_200 })).map(({ id }) => Number(id));
  expect(ids).toEqual(Array.from({ length: 2_200 }, (_, index) => 2_400 - index));
  expect(asked).toMatchObject([
    { status: 'DONE', offset: 100, limit: 1_000 },
    { after: '1401', offset: undefined, limit: 1_000 },
    { after: '401', limit: 200 },
  ]);
  expect(await listAllBatches(api, { limit: 10_000 })).toHaveLength(2_500);
});
