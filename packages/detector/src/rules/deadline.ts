import { no, toSeconds, unknown, yes } from '../answer.ts';
import type { DeadlineAction, DeadlineRule } from '../rule.ts';

export interface DeadlineOptions {
  /** From the first look, ms. */
  readonly maxWaitMs: number;
  readonly action: DeadlineAction;
}

/** The longest wait. After it a folder is held (and may still finish), taken as `incomplete`, or quarantined. */
export function deadline({ maxWaitMs, action }: DeadlineOptions): DeadlineRule {
  return {
    name: 'deadline',
    kind: 'deadline',
    action,
    judge: ({ firstSeenAt, listing }, now) => {
      const at = firstSeenAt + maxWaitMs;
      const evidence = { maxWaitMs, action, waitedMs: Math.round(now - firstSeenAt) };
      if (!listing.exists) return unknown('what is gone has no deadline', evidence);
      if (now >= at) return yes(`it waited longer than ${toSeconds(maxWaitMs)}`, evidence);
      return no('its longest wait is not over', {
        evidence,
        recheckAt: at,
        toFinish: `Wait until it is: then ${action}.`,
      });
    },
  };
}
