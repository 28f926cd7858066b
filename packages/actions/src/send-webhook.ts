import { type WebhookAction, toCode } from '@sendit/model';
import { type AttemptOutcome, failedForGood, failedForNow } from './outcome.ts';
import type { Notice } from './notice.ts';
import { parseRetryAfter } from './retry-after.ts';
import { signWebhook } from './sign-webhook.ts';

/** Client error statuses worth another attempt: request timeout, too early, too many requests. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Sends the notice as signed JSON. 2xx is done; 5xx, 408, 425, 429 and a broken connection may be tried again, not before `Retry-After`;
 * any other answer is for good, redirects too: they are not followed. The answer's body is not read.
 * @throws the signal's reason when aborted.
 */
export async function sendWebhook(action: WebhookAction, notice: Notice, signal: AbortSignal): Promise<AttemptOutcome> {
  signal.throwIfAborted();
  const body = JSON.stringify(notice);
  const now = new Date();
  const timestamp = Math.floor(now.getTime() / 1_000);
  const timeout = AbortSignal.timeout(action.timeoutMs);
  try {
    const response = await fetch(action.url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'sendit',
        ...signWebhook(action.secret, { id: notice.idempotencyKey, timestamp, body }),
      },
      body,
      signal: AbortSignal.any([signal, timeout]),
    });
    await response.body?.cancel();
    return toOutcome(response, now);
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return failedForNow(`no answer within ${action.timeoutMs} ms`);
    return failedForNow(`no connection (${toReason(error)})`);
  }
}

function toOutcome({ status, headers }: Response, now: Date): AttemptOutcome {
  if (status >= 200 && status < 300) return { kind: 'done', code: status };
  const reason = `HTTP ${status}`;
  if (status < 500 && !LATER.has(status)) {
    const isRedirect = status >= 300 && status < 400;
    return failedForGood(isRedirect ? `${reason}: redirects are not followed` : reason, status);
  }
  const afterMs = parseRetryAfter(headers.get('retry-after'), now);
  return { ...failedForNow(reason, status), ...(afterMs === undefined ? {} : { afterMs }) };
}

/** `fetch` wraps what the socket said. Its messages may hold the address: only codes are kept. */
function toReason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return toCode(cause) ?? (cause instanceof Error ? cause.name : typeof cause);
}
