import type { ActionQuery, BatchSummary, Page } from '@sendit/api';
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

export const batchList = (filter: BatchFilter) =>
  infiniteQueryOptions({
    queryKey: ['board', filter],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }): Promise<Page<BatchSummary>> => {
      const { status, ...rest } = filter;
      const statuses = status === undefined ? {} : { status: [status] };
      const cursor = pageParam === null ? {} : { cursor: pageParam };
      return api.listBatches({ ...rest, ...statuses, ...cursor, limit: PAGE_ROWS });
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
  queryFn: async () => (await api.listPending({})).results,
  refetchInterval: 5_000,
});

export const actionList = (query: ActionQuery) =>
  queryOptions({
    queryKey: ['batches', 'actions', query],
    queryFn: async () => (await api.listActions(query)).results,
  });

export const auditList = (limit: number) =>
  queryOptions({ queryKey: ['audit', limit], queryFn: async () => (await api.listAudit({ limit })).results });
