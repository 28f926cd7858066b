import type { Clock } from '@sendit/model';
import type { BatchStore, KnownBatch } from './ports.ts';
import type { StoreGate } from './store-gate.ts';

/** What {@link findKnown} works with. */
export interface FindKnownDeps {
  readonly clock: Clock;
  readonly gate: StoreGate;
  readonly store: BatchStore;
  readonly rootId: string;
}

/** What the store knows of these names, at most 500; waits through an outage. Undefined when aborted. */
export async function findKnown(
  { clock, gate, rootId, store }: FindKnownDeps,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownBatch> | undefined> {
  if (names.length === 0) return new Map();
  while (!signal.aborted) {
    const { closedUntil } = gate;
    if (closedUntil !== undefined) {
      await clock.sleep(Math.ceil(closedUntil - clock.now()), signal);
      continue;
    }
    const asked = await gate.ask(() => store.findKnown(rootId, names));
    if (asked.kind === 'answer') return asked.value;
  }
  return undefined;
}
