import type { BatchQuery, BatchSummary, JobQuery, Page, ThroughputQuery } from '@sendit/api';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** Rows of a list that are fetched at once. */
const PAGE_ROWS = 100;
/** Between two looks at what the live feed does not tell of. */
const LOOK_MS = 5_000;

/** A list of which the pages are fetched one after the other. */
function pagesOf<T>(queryKey: readonly unknown[], fetchPage: (cursor: string | undefined) => Promise<Page<T>>) {
  return infiniteQueryOptions({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export const batchList = (filter: BatchQuery) =>
  pagesOf<BatchSummary>(['board', filter], (cursor) => api.listBatches({ ...filter, cursor, limit: PAGE_ROWS }));

/** Null where there is no such batch. */
export const batchDetail = (id: string) =>
  queryOptions({
    queryKey: ['batches', 'one', id],
    queryFn: async () => (await api.showBatch({ ref: `id:${id}` })) ?? null,
  });

/** Files of a batch, by name order of their UIDs. */
export const imageList = (batch: string) =>
  pagesOf(['images', batch], (cursor) => api.listImages({ batch, cursor, limit: PAGE_ROWS }));

export const pendingList = queryOptions({
  queryKey: ['pending'],
  queryFn: async () => (await api.listPending({})).results,
  refetchInterval: LOOK_MS,
});

export const stageCounts = queryOptions({
  queryKey: ['stages'],
  queryFn: () => api.countStages(),
  refetchInterval: LOOK_MS,
});

/** The same for who has not shown the token: null where the database cannot be asked. */
export const openStageCounts = queryOptions({
  queryKey: ['stages', 'open'],
  queryFn: async () => (await api.readHealth()).stages,
  refetchInterval: LOOK_MS,
});

/** Why a unit is where it is, by id (`id:17`) or path. */
export const explanation = (ref: string) =>
  queryOptions({ queryKey: ['explain', ref], queryFn: () => api.explain({ ref }), retry: false });

/** Settings stay as they are until the process starts again. */
export const configuration = queryOptions({ queryKey: ['configuration'], queryFn: () => api.readConfiguration() });

export const workerList = queryOptions({
  queryKey: ['workers'],
  queryFn: async () => (await api.listWorkers()).results,
  refetchInterval: LOOK_MS,
});

export const jobList = (query: Omit<JobQuery, 'cursor' | 'limit'>) =>
  pagesOf(['jobs', query], (cursor) => api.listJobs({ ...query, cursor, limit: PAGE_ROWS }));

export const throughput = (query: ThroughputQuery) =>
  queryOptions({
    queryKey: ['throughput', query],
    queryFn: async () => (await api.readThroughput(query)).results,
    placeholderData: keepPreviousData,
  });

export const auditList = pagesOf(['audit'], (cursor) => api.listAudit({ cursor, limit: PAGE_ROWS }));
