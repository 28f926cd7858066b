import type { Logger } from '@sendit/model';
import type { Notice } from './notice.ts';

/** Second argument of a user's action, beside the notice. */
export interface ActionContext {
  /** Absolute paths of the sealed files, without those that are quarantined, as `node:fs` takes them: bytes where a name is not UTF-8. */
  readonly files: AsyncIterable<string | Buffer>;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** Aborts at the action's timeout, and when the watcher has to end. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Called with every batch; it may be called again for one, with the same `idempotencyKey`. What it throws fails the attempt. */
export type ActionFunction = (notice: Notice, context: ActionContext) => void | Promise<void>;

/** Gives an action of one's own its type; returns it as it is. */
export function defineAction(action: ActionFunction): ActionFunction {
  return action;
}
