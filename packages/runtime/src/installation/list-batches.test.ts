import type { BatchQuery, BatchSummary } from '@sendit/api';
import { expect, test } from 'vitest';
import { listAllBatches } from './list-batches.ts';

test('a long list is asked for page by page, each after the one before', async () => {
  const all = Array.from({ length: 2_500 }, (_, index) => ({ id: String(2_500 - index) }) as BatchSummary);
  const asked: BatchQuery[] = [];
  const api = {
    listBatches: (query: BatchQuery) => {
      asked.push(query);
      const from = query.cursor === undefined ? (query.offset ?? 0) : Number(query.cursor);
      const to = from + (query.limit ?? 50);
      const next = to < all.length ? String(to) : null;
      return Promise.resolve({ count: all.length, next, previous: null, results: all.slice(from, to) });
    },
  };
  const query = { status: ['DONE'], offset: 100, limit: 2_200 } as const;
  const ids = (await listAllBatches(api, query)).map(({ id }) => Number(id));
  expect(ids).toEqual(Array.from({ length: 2_200 }, (_, index) => 2_400 - index));
  expect(asked).toMatchObject([
    { status: ['DONE'], offset: 100, limit: 1_000 },
    { cursor: '1100', limit: 1_000 },
    { cursor: '2100', limit: 200 },
  ]);
  expect(await listAllBatches(api, { limit: 10_000 })).toHaveLength(2_500);
});
