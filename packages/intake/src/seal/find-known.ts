import type { KnownBatch } from '@sendit/model';
import type { Clock } from '@sendit/model';
import type { BatchStore } from '../ports.ts';
import type { StoreGate } from './store-gate.ts';

export interface AskStoreDeps {
  readonly clock: Clock;
  readonly gate: StoreGate;
}

export interface FindKnownDeps extends AskStoreDeps {
  readonly store: BatchStore;
  readonly rootId: string;
}

/** The store's answer to a question; waits through an outage. Undefined when aborted. */
export async function askStore<T>(
  { clock, gate }: AskStoreDeps,
  question: () => Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  while (!signal.aborted) {
    const { closedUntil } = gate;
    if (closedUntil !== undefined) {
      await clock.sleep(Math.ceil(closedUntil - clock.now()), signal);
      continue;
    }
    const asked = await gate.ask(question);
    if (asked.kind === 'answer') return asked.value;
  }
  return undefined;
}

/** Asks the store for the batches of these names, at most 500; waits through an outage. Undefined when aborted. */
export async function findKnown(
  { rootId, store, ...deps }: FindKnownDeps,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownBatch> | undefined> {
  return names.length === 0 ? new Map() : askStore(deps, () => store.findKnown(rootId, names), signal);
}
