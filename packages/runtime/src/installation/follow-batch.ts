import type { BatchDetail, SenditApi } from '@sendit/api';
import { type BatchStatus, type Clock, systemClock } from '@sendit/model';

const LOOK_MS = 500;

/** Nothing goes on by itself from here. */
const SETTLED: ReadonlySet<BatchStatus> = new Set(['DONE', 'EMPTY', 'ERROR', 'QUARANTINED', 'HELD']);

/** Settled, and somebody has to do something about it. */
const FAILED: ReadonlySet<BatchStatus> = new Set(['ERROR', 'QUARANTINED', 'HELD']);

/** Whether a batch has come to an end, for now. */
export function isSettled({ status }: Pick<BatchDetail, 'status'>): boolean {
  return SETTLED.has(status);
}

/** Whether a batch has come to an end that nobody wished for. */
export function hasFailed({ status }: Pick<BatchDetail, 'status'>): boolean {
  return FAILED.has(status);
}

/** How many batches of its state and watch path a look asks for, newest first: more than are imported at once. */
const NEIGHBOURS = 50;

export interface BatchSource {
  readonly list: SenditApi['listBatches'];
  readonly show: (id: string) => Promise<BatchDetail>;
}

/**
 * Yields a batch now, and again after each observed change, until it is settled or the signal aborts. While its status
 * is unchanged it polls only the list row: the details count every instance of an earlier import.
 */
export async function* followBatch(
  batch: BatchDetail,
  source: BatchSource,
  { signal, clock = systemClock }: { readonly signal: AbortSignal; readonly clock?: Clock },
): AsyncGenerator<BatchDetail> {
  let latest = batch;
  yield latest;
  while (!isSettled(latest)) {
    await clock.sleep(LOOK_MS, signal);
    if (signal.aborted) return;
    const next = await look(latest, source);
    if (JSON.stringify(next) !== JSON.stringify(latest)) yield next;
    latest = next;
  }
}

async function look(latest: BatchDetail, { list, show }: BatchSource): Promise<BatchDetail> {
  const { id, root, status } = latest;
  const summary = (await list({ root, status: [status], limit: NEIGHBOURS })).results.find((other) => other.id === id);
  return summary === undefined ? await show(id) : { ...latest, ...summary };
}
