import type { RetryOutcome, RetryQuery, SenditApi } from '@sendit/api';
import { type BatchStatus, canTransition } from '@sendit/model';
import { toBatchRef } from './batch-ref.ts';

/** `sendit batch retry --json`. */
export interface RetryReport {
  readonly dryRun: boolean;
  /** How many are queued again, or would be. */
  readonly queued: number;
  readonly batchIds: readonly string[];
  /** Named ones that are on their way or done. */
  readonly refused: readonly { readonly ref: string; readonly status: BatchStatus }[];
  readonly notFound: readonly string[];
}

const PAGE = 500;

/** Queues every batch again that a filter names, page by page; `onProgress` hears how many there are so far. */
export async function retryByFilter(
  api: SenditApi,
  filter: Pick<RetryQuery, 'statuses' | 'root' | 'since' | 'dryRun' | 'by'>,
  onProgress: (count: number) => void,
): Promise<RetryReport> {
  const batchIds: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = await api.retryBatches({ ...filter, after, limit: PAGE });
    batchIds.push(...page.batchIds);
    onProgress(batchIds.length);
    after = page.next;
  }
  return { dryRun: filter.dryRun, queued: batchIds.length, batchIds, refused: [], notFound: [] };
}

/** Queues named batches again; reports a refused one and goes on with the others. */
export async function retryByRef(
  api: SenditApi,
  refs: readonly string[],
  { by, dryRun }: { readonly by?: string; readonly dryRun: boolean },
): Promise<RetryReport> {
  const batchIds: string[] = [];
  const refused: { ref: string; status: BatchStatus }[] = [];
  const notFound: string[] = [];
  for (const ref of refs) {
    const outcome = await retryOrLook(api, ref, { by, dryRun });
    if (outcome.kind === 'queued') batchIds.push(outcome.batchId);
    else if (outcome.kind === 'refused') refused.push({ ref, status: outcome.status });
    else notFound.push(ref);
  }
  return { dryRun, queued: batchIds.length, batchIds, refused, notFound };
}

/** Queues it again, or tells what a retry would answer now. */
async function retryOrLook(
  api: SenditApi,
  ref: string,
  { by, dryRun }: { readonly by?: string | undefined; readonly dryRun: boolean },
): Promise<RetryOutcome> {
  const batch = await api.showBatch({ ref: toBatchRef(ref) });
  if (batch === undefined) return { kind: 'not-found' };
  const { id, status } = batch;
  if (!dryRun) return await api.retryBatch({ id, by });
  return canTransition(status, 'NEW') ? { kind: 'queued', batchId: id } : { kind: 'refused', status };
}
