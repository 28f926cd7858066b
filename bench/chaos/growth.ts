/** One measure, early (after the warm-up) and late; medians of a fifth of the time each. */
export interface Growth {
  readonly early: number;
  readonly late: number;
  readonly peak: number;
}

/** Memory may grow by so much between early and late: a garbage collector is in no hurry. */
const RSS_FACTOR = 1.15;
const RSS_MB = 32;
const HANDLES = 8;

/** Early and late of what was measured at even steps; the first fifth is the warm-up. */
export function toGrowth(values: readonly number[]): Growth {
  const fifth = Math.max(1, Math.floor(values.length / 5));
  return {
    early: median(values.slice(fifth, 2 * fifth)),
    late: median(values.slice(-fifth)),
    peak: Math.max(...values),
  };
}

/** Whether a process's memory stayed within its bounds. */
export function isMemoryBounded({ early, late }: Growth): boolean {
  return late <= early * RSS_FACTOR + RSS_MB;
}

/** Whether its open handles did. */
export function isHandlesBounded({ early, late }: Growth): boolean {
  return late <= early + HANDLES;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
