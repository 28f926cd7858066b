import { toCode, type WebhookChannel } from '@sendit/model';
import { Webhook } from 'standardwebhooks';
import type { Notice } from '../notice.ts';
import type { SendOutcome } from './send-outcome.ts';

/** POSTs the notice as JSON, signed after the Standard Webhooks specification; 2xx is sent. Redirects are not followed. */
export async function sendWebhook(
  { secret, timeoutMs, url }: WebhookChannel,
  notice: Notice,
  signal: AbortSignal,
): Promise<SendOutcome> {
  if (secret === '') return { kind: 'failed', reason: 'the secret is not set' };
  const body = JSON.stringify(notice);
  const sentAt = new Date();
  const webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'sendit',
        'webhook-id': notice.id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
        'webhook-signature': webhook.sign(notice.id, sentAt, body),
      },
      body,
      signal: AbortSignal.any([signal, timeout]),
    });
    await response.body?.cancel();
    return response.ok ? { kind: 'sent' } : { kind: 'failed', reason: `HTTP ${response.status}` };
  } catch (error) {
    if (timeout.aborted) return { kind: 'failed', reason: `no answer within ${timeoutMs} ms` };
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { kind: 'failed', reason: `no connection (${toCode(cause) ?? 'unknown error'})` };
  }
}
