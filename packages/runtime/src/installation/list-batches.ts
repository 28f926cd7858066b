import type { BatchQuery, BatchSummary, SenditApi } from '@sendit/api';

/** As many as one request gives. */
const PAGE = 1_000;

/** Lists batches, newest first, page by page. */
export async function listAllBatches(
  api: Pick<SenditApi, 'listBatches'>,
  query: BatchQuery & { readonly limit: number },
): Promise<readonly BatchSummary[]> {
  const batches: BatchSummary[] = [];
  for (let { after, offset } = query; ; offset = undefined) {
    const limit = Math.min(PAGE, query.limit - batches.length);
    const page = await api.listBatches({ ...query, after, offset, limit });
    batches.push(...page);
    if (page.length < limit || batches.length >= query.limit) return batches;
    after = page.at(-1)?.id;
  }
}
