import type { RetryOutcome } from '@sendit/model';

/** HTTP status of each outcome of a retry; its body is the outcome. */
export const RETRY_STATUS = { queued: 202, 'not-found': 404, refused: 409 } as const satisfies Record<
  RetryOutcome['kind'],
  number
>;
