import type { BatchSummary, PendingUnit } from '@sendit/api';
import { type Stage, toShownStage } from './stage.ts';

/** A directory, series or study on its way, whether it is sealed or not. */
export type Unit =
  | { readonly kind: 'batch'; readonly key: string; readonly stage: Stage; readonly batch: BatchSummary }
  | { readonly kind: 'pending'; readonly key: string; readonly stage: Stage; readonly pending: PendingUnit };

export function toBatchUnit(batch: BatchSummary): Unit {
  return { kind: 'batch', key: `batch ${batch.id}`, stage: toShownStage(batch), batch };
}

export function toPendingUnit(pending: PendingUnit): Unit {
  return { kind: 'pending', key: toPendingKey(pending), stage: pending.stage, pending };
}

/**
 * Names a unit that is not sealed in an address, where its own name must not stand: 53 bits of its watch path, path and name.
 * (cyrb53, public domain.)
 */
export function toPendingKey({ root, path, name }: Pick<PendingUnit, 'root' | 'path' | 'name'>): string {
  const text = `${root}\0${path}\0${name}`;
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)).toString(36);
}
