import { type BatchDetail, type BatchStatus, type Clock, systemClock } from '@sendit/model';

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

/** Gives a batch as it is, and again at each change that a look sees, until it is settled or the signal aborts. */
export async function* followBatch(
  batch: BatchDetail,
  look: (id: string) => Promise<BatchDetail>,
  { signal, clock = systemClock }: { readonly signal: AbortSignal; readonly clock?: Clock },
): AsyncGenerator<BatchDetail> {
  let latest = batch;
  yield latest;
  while (!isSettled(latest)) {
    await clock.sleep(LOOK_MS, signal);
    if (signal.aborted) return;
    const next = await look(batch.id);
    if (JSON.stringify(next) !== JSON.stringify(latest)) yield next;
    latest = next;
  }
}
