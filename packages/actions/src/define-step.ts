import type { LogFields } from '@sendit/model';
import type { Notice } from './notice.ts';

/** What a step knows of its batch: ids, UIDs and counts. */
export type StepBatch = Notice['batch'] & {
  /** Absolute directory; of a series or study the watch path. */
  readonly path: string;
};

/** Second argument of a step, beside the batch. */
export interface StepContext {
  /** Absolute paths of the sealed files, without those that are quarantined, as `node:fs` takes them: bytes where a name is not UTF-8. */
  readonly files: AsyncIterable<string | Buffer>;
  /** The same for every attempt at this step of this batch. */
  readonly idempotencyKey: string;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** Aborts at the step's timeout, and when the worker has to end. */
  readonly signal: AbortSignal;
  /** Tells how far it has come, in units of its own, for `sendit batch show` and the page. May be called as often as you like. */
  readonly report: (done: number, total?: number) => void;
  /** Writes a line to the worker's log. Name no patients. */
  readonly log: (message: string, fields?: LogFields) => void;
}

/** Called with every batch; it may be called again for one, with the same `idempotencyKey`. What it throws fails the attempt. */
export type StepFunction = (batch: StepBatch, context: StepContext) => void | Promise<void>;

/** Limits of a step; the configuration may set each otherwise. */
export interface StepOptions {
  /** Longest run in ms; 600,000 by default. */
  readonly timeoutMs?: number;
  /** How often it is tried before it has failed; 10 by default. */
  readonly attempts?: number;
  /** Wait in ms before the second attempt, doubled for each further one up to an hour; 1,000 by default. */
  readonly backoffMs?: number;
}

/** A step of the import worker, as `worker.steps` takes it. */
export interface Step extends StepOptions {
  readonly name: string;
  readonly run: StepFunction;
}

/** Defines a step of the import worker. `name` is its identity in the database: 1 to 64 letters, digits, `.`, `_` and `-`. */
export function defineStep(name: string, run: StepFunction, options: StepOptions = {}): Step {
  return { ...options, name, run };
}
