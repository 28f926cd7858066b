export interface BackoffOptions {
  /** Wait after the first failure; 1,000 ms by default. */
  readonly firstMs?: number;
  /** 30,000 ms by default. */
  readonly longestMs?: number;
}

/** Wait after a number of failures in a row: doubles from `firstMs` up to `longestMs`. Pure. */
export function toBackoffMs(failures: number, { firstMs = 1_000, longestMs = 30_000 }: BackoffOptions = {}): number {
  // 2 ** 30 is far beyond any limit, and still finite.
  return Math.min(firstMs * 2 ** Math.min(Math.max(0, failures - 1), 30), longestMs);
}

/** The wait, less up to a quarter: callers that failed together do not all return together. */
export function withJitter(ms: number, random: () => number = Math.random): number {
  return Math.round(ms * (1 - random() / 4));
}
