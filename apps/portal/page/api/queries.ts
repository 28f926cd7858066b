import type { ActionQuery, BatchSummary } from '@sendit/api';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** Rows of a list that are fetched at once. */
const PAGE_ROWS = 100;

/** Which batches a list shows. */
export interface BatchFilter {
  readonly status?: BatchSummary['status'] | undefined;
  readonly root?: string | undefined;
  readonly late?: true | undefined;
  readonly since?: string | undefined;
  readonly name?: string | undefined;
  readonly study?: string | undefined;
}

/** One page of a list of batches. */
export interface BatchPage {
  readonly results: readonly BatchSummary[];
  /** Where the next page begins; null after the last one. */
  readonly next: string | null;
}

export const batchList = (filter: BatchFilter) =>
  infiniteQueryOptions({
    queryKey: ['board', filter],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }): Promise<BatchPage> => {
      const after = pageParam === null ? {} : { after: pageParam };
      const results = await api.listBatches({ ...filter, ...after, limit: PAGE_ROWS });
      return { results, next: results.length < PAGE_ROWS ? null : (results.at(-1)?.id ?? null) };
    },
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

/** Null where there is no such batch. */
export const batchDetail = (id: string) =>
  queryOptions({
    queryKey: ['batches', 'one', id],
    queryFn: async () => (await api.showBatch({ ref: `id:${id}` })) ?? null,
  });

export const pendingList = queryOptions({
  queryKey: ['pending'],
  queryFn: () => api.listPending(),
  refetchInterval: 5_000,
});

export const actionList = (query: ActionQuery) =>
  queryOptions({ queryKey: ['batches', 'actions', query], queryFn: () => api.listActions(query) });

export const auditList = (limit: number) =>
  queryOptions({ queryKey: ['audit', limit], queryFn: () => api.listAudit({ limit }) });
