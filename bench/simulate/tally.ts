import type { Delivery } from './delivery.ts';
import type { Ending } from './watcher.ts';

/** One policy's line in the table. Times in ms; null where no study was sealed so. */
export interface ProfileResult {
  readonly studies: number;
  /** Sealed before the sender's last byte, of the senders that keep the contract and are never silent for `quietMs`. */
  readonly early: number;
  readonly held: number;
  readonly quarantined: number;
  /** Neither sealed nor held nor quarantined. */
  readonly never: number;
  readonly latenessP50Ms: number | null;
  readonly latenessP99Ms: number | null;
  /** Of the studies that were sealed on better than quiet. */
  readonly provenP50Ms: number | null;
  /** Of the studies that were sealed on quiet alone. */
  readonly quietP50Ms: number | null;
  /** Senders that write after renaming. */
  readonly contractBroken: { readonly studies: number; readonly early: number };
  /** Senders that were silent for longer than `quietMs`. */
  readonly silent: { readonly studies: number; readonly early: number };
  /** Studies with files that changed after they were sealed, and how many of them were reported. */
  readonly late: { readonly studies: number; readonly reported: number };
}

/** Counts how studies ended under one policy. */
export class Tally {
  readonly #quietMs: number;
  readonly #count = { studies: 0, early: 0, held: 0, quarantined: 0, never: 0 };
  readonly #contractBroken = { studies: 0, early: 0 };
  readonly #silent = { studies: 0, early: 0 };
  readonly #late = { studies: 0, reported: 0 };
  readonly #proven: number[] = [];
  readonly #quiet: number[] = [];

  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  add(delivery: Delivery, ending: Ending): void {
    this.#count.studies += 1;
    const isEarly = ending.kind === 'sealed' && ending.at < delivery.lastByteAt;
    if (ending.kind !== 'sealed') this.#count[ending.kind] += 1;
    const group = this.#groupOf(delivery);
    if (group !== this.#count) group.studies += 1;
    if (isEarly) group.early += 1;
    else if (ending.kind === 'sealed') {
      (ending.isProven ? this.#proven : this.#quiet).push(Math.max(0, ending.at - delivery.endedAt));
    }
    const hasLate = ending.kind === 'sealed' && (delivery.hasLateFiles || (delivery.contractBroken && isEarly));
    if (!hasLate) return;
    this.#late.studies += 1;
    if (ending.lateReported) this.#late.reported += 1;
  }

  #groupOf(delivery: Delivery): { studies: number; early: number } {
    if (delivery.contractBroken) return this.#contractBroken;
    return delivery.folder.longestSilence(delivery.lastByteAt) >= this.#quietMs ? this.#silent : this.#count;
  }

  result(): ProfileResult {
    const all = [...this.#proven, ...this.#quiet];
    return {
      ...this.#count,
      latenessP50Ms: percentile(all, 0.5),
      latenessP99Ms: percentile(all, 0.99),
      provenP50Ms: percentile(this.#proven, 0.5),
      quietP50Ms: percentile(this.#quiet, 0.5),
      contractBroken: { ...this.#contractBroken },
      silent: { ...this.#silent },
      late: { ...this.#late },
    };
  }
}

function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return value === undefined ? null : Math.round(value * 100) / 100;
}
