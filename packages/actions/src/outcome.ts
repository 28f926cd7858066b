/** How one attempt ended. `never`: another attempt cannot help before a person has changed something. */
export type AttemptOutcome =
  | { readonly kind: 'done'; readonly code: number | null }
  | {
      readonly kind: 'failed';
      readonly code: number | null;
      /** Free of header values and file names. */
      readonly reason: string;
      readonly again: 'later' | 'never';
      /** Earliest next attempt, in ms from now. */
      readonly afterMs?: number;
    };

/** A failed attempt that may be made again. */
export function failedForNow(reason: string, code: number | null = null): AttemptOutcome {
  return { kind: 'failed', code, reason, again: 'later' };
}

/** A failed attempt that need not be made again. */
export function failedForGood(reason: string, code: number | null = null): AttemptOutcome {
  return { kind: 'failed', code, reason, again: 'never' };
}
