import { type Logger, SenditError, toErrorName, toThrownText } from '@sendit/model';
import { type AttemptOutcome, failedForGood, failedForNow } from './outcome.ts';

/** One call of a function of the user's. */
export interface OwnCall {
  /** `The step` or `The action`, for the transcript. */
  readonly what: string;
  readonly name: string;
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/**
 * Calls a function of the user's as one attempt. What it throws fails the attempt, for good where it is a SenditError with `retry: 'never'`;
 * its message goes to the transcript alone. At the timeout its signal aborts, and it is waited for no longer.
 * @throws the signal's reason when aborted.
 */
export async function callOwnCode(
  run: (ends: AbortSignal) => unknown,
  { logger, name, timeoutMs, what }: OwnCall,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const ends = AbortSignal.any([signal, timeout]);
  try {
    await Promise.race([run(ends), rejectOn(ends)]);
    return { kind: 'done', code: null };
  } catch (thrown) {
    signal.throwIfAborted();
    if (timeout.aborted) return failedForNow(`it took longer than ${timeoutMs} ms`);
    logger.info(`${what} said: ${toThrownText(thrown)}`, { action: name });
    const reason = `it threw ${toErrorName(thrown)}`;
    return thrown instanceof SenditError && thrown.retry === 'never' ? failedForGood(reason) : failedForNow(reason);
  }
}

/** A function that does not look at its signal must hold up neither the queue nor a stop. */
function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
