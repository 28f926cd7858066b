import { Webhook } from 'standardwebhooks';

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
  const webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
  const signature = webhook.sign(id, new Date(timestamp * 1_000), body);
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
}
