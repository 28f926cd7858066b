import type { ActionAttempt, ActionProgress, Logger, ManifestFile, StepAction } from '@sendit/model';
import { callOwnCode } from './call-own-code.ts';
import type { StepFunction } from './define-step.ts';
import { toNotice } from './notice.ts';
import { type AttemptOutcome, failedForGood } from './outcome.ts';
import { toOwnPaths } from './own-paths.ts';

export interface StepCall {
  readonly attempt: ActionAttempt;
  readonly files: AsyncIterable<readonly ManifestFile[]>;
  /** Keeps how far it has come, for people to see. */
  readonly keepProgress: (progress: ActionProgress) => Promise<unknown>;
  readonly logger: Logger;
  /** Milliseconds of a monotonic clock; the machine's by default. */
  readonly now?: (() => number) | undefined;
}

/**
 * Calls a step of the user's with its batch; see {@link callOwnCode}.
 * @throws the signal's reason when aborted.
 */
export async function callStep(step: StepAction, call: StepCall, signal: AbortSignal): Promise<AttemptOutcome> {
  const { attempt, files, keepProgress, logger, now } = call;
  const { name, run, timeoutMs } = step;
  if (!isStepFunction(run)) return failedForGood('its module was not loaded');
  const { batch, idempotencyKey } = toNotice(attempt, { withPath: true });
  const fields = { batch: batch.id, step: name };
  const context = {
    files: toOwnPaths(attempt.batch.path, files),
    idempotencyKey,
    attempt: attempt.attempt,
    report: createReport(keepProgress, now),
    log: (message: string, own: object = {}) => logger.info(message, { ...fields, ...own }),
  };
  const invoke = async (ends: AbortSignal): Promise<void> =>
    run({ ...batch, path: attempt.batch.path }, { ...context, signal: ends });
  return await callOwnCode(invoke, { what: 'The step', name, timeoutMs, logger }, signal);
}

function isStepFunction(value: unknown): value is StepFunction {
  return typeof value === 'function';
}

const LEAST_MS = 1_000;

/**
 * Keeps what a step reports: at once, then once a second at most, and the last of all when all is done; one at a time. A store that is slow
 * or away holds up no step.
 */
function createReport(
  keep: StepCall['keepProgress'],
  now: () => number = () => performance.now(),
): (done: number, total?: number) => void {
  let keptAt = -Infinity;
  let isKeeping = false;
  let next: ActionProgress | undefined;
  const keepAll = async (): Promise<void> => {
    isKeeping = true;
    for (let progress = next; progress !== undefined; progress = next) {
      next = undefined;
      await keep(progress).catch(() => undefined);
    }
    isKeeping = false;
  };
  return (done, total) => {
    if (!Number.isFinite(done) || (total !== undefined && !Number.isFinite(total))) return;
    if (now() - keptAt < LEAST_MS && done !== total) return;
    keptAt = now();
    next = { done, total: total ?? null };
    if (!isKeeping) void keepAll();
  };
}
