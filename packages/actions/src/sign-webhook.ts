import { createHmac } from 'node:crypto';

/** What is signed. */
export interface SignedMessage {
  /** The idempotency key. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The headers of a webhook after the Standard Webhooks specification (v1): HMAC-SHA256 over `id.timestamp.body`, in base64. A secret
 * that begins with `whsec_` is base64 after it; any other is taken as its UTF-8 bytes.
 */
export function signWebhook(secret: string, { id, timestamp, body }: SignedMessage): Readonly<Record<string, string>> {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` };
}
