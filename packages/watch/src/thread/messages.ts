import type { FileEvent } from '@sendit/model';
import type { WatchStatus } from '../watch-status.ts';

/** Options for a watching thread; structured-cloneable. */
export interface ThreadRequest {
  readonly path: string;
  readonly mask: number;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/** From the thread. At most {@link MAX_UNANSWERED} batches go unanswered: then it stops taking events, and its own bound holds. */
export type FromThread =
  | { readonly kind: 'opened'; readonly status: WatchStatus }
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | undefined }
  | { readonly kind: 'events'; readonly events: readonly FileEvent[]; readonly status: WatchStatus }
  | { readonly kind: 'log'; readonly level: 'warning' | 'info'; readonly message: string; readonly fields: LogCopy }
  | { readonly kind: 'ended'; readonly status: WatchStatus };

/** Log fields as they are copied. */
export type LogCopy = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** To the thread: take events from now on, or one batch was consumed. */
export type ToThread = 'start' | 'consumed';

export const MAX_UNANSWERED = 32;
export const BATCH = 256;
