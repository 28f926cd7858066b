/** From when on something counts as a problem that is none by itself; false: never. */
export interface HealthLimits {
  /** Longest wait of a directory that is not sealed. */
  readonly stuckMs: number | false;
  /** Least free space of a disk, in bytes, or in percent of it. */
  readonly diskBelow: { readonly bytes: number } | { readonly percent: number } | false;
  /** Longest wait of an import. */
  readonly queueMs: number | false;
  /** Longest time in which nothing comes to a watch path. */
  readonly noArrivalMs: number | false;
}

/** Nothing but what is wrong by itself. */
export const NO_LIMITS: HealthLimits = { stuckMs: false, diskBelow: false, queueMs: false, noArrivalMs: false };
