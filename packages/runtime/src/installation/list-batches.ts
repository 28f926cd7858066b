import type { BatchQuery, BatchSummary, SenditApi } from '@sendit/api';

/** As many as one request gives. */
const PAGE = 1_000;

/** Lists batches, newest first, page by page. */
export async function listAllBatches(
  api: Pick<SenditApi, 'listBatches'>,
  query: BatchQuery & { readonly limit: number },
): Promise<readonly BatchSummary[]> {
  const batches: BatchSummary[] = [];
  for (let cursor: string | undefined; ; ) {
    const limit = Math.min(PAGE, query.limit - batches.length);
    const { next, results } = await api.listBatches({ ...query, cursor, limit });
    batches.push(...results);
    if (next === null || batches.length >= query.limit) return batches;
    cursor = next;
  }
}
