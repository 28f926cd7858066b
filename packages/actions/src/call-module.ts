import {
  type ActionAttempt,
  type Logger,
  type ManifestFile,
  type ModuleAction,
  SenditError,
  toErrorName,
  toThrownText,
} from '@sendit/model';
import type { ActionFunction } from './define-action.ts';
import { toNotice } from './notice.ts';
import { type AttemptOutcome, failedForGood, failedForNow } from './outcome.ts';

export interface ModuleCall {
  readonly attempt: ActionAttempt;
  readonly files: AsyncIterable<readonly ManifestFile[]>;
  readonly logger: Logger;
}

/**
 * Calls a function of the user's with the notice of a batch. What it throws fails the attempt, for good where it is a SenditError with
 * `retry: 'never'`; its message goes to the transcript alone. At the timeout its signal aborts, and it is waited for no longer.
 * @throws the signal's reason when aborted.
 */
export async function callModule(action: ModuleAction, call: ModuleCall, signal: AbortSignal): Promise<AttemptOutcome> {
  signal.throwIfAborted();
  const { attempt, files, logger } = call;
  if (!isActionFunction(action.run)) return failedForGood('its module was not loaded');
  const timeout = AbortSignal.timeout(action.timeoutMs);
  const ends = AbortSignal.any([signal, timeout]);
  const context = { files: toPaths(attempt.batch.path, files), attempt: attempt.attempt, signal: ends, logger };
  try {
    await Promise.race([action.run(toNotice(attempt, { withPath: true }), context), rejectOn(ends)]);
    return { kind: 'done', code: null };
  } catch (thrown) {
    signal.throwIfAborted();
    if (timeout.aborted) return failedForNow(`it took longer than ${action.timeoutMs} ms`);
    logger.info(`The action said: ${toThrownText(thrown)}`, { action: action.name });
    const reason = `it threw ${toErrorName(thrown)}`;
    return thrown instanceof SenditError && thrown.retry === 'never' ? failedForGood(reason) : failedForNow(reason);
  }
}

function isActionFunction(value: unknown): value is ActionFunction {
  return typeof value === 'function';
}

/** A function that does not look at its signal must hold up neither the queue nor a stop. */
function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

async function* toPaths(
  directory: string,
  files: AsyncIterable<readonly ManifestFile[]>,
): AsyncGenerator<string | Buffer> {
  const above = directory.endsWith('/') ? directory : `${directory}/`;
  for await (const part of files) {
    for (const { path, rawPath } of part) {
      yield rawPath === undefined ? `${above}${path}` : Buffer.concat([Buffer.from(above), rawPath]);
    }
  }
}
