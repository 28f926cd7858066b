import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import type { WebhookAction } from '@sendit/model';
import { toNotice } from '../src/notice.ts';
import { parseRetryAfter } from '../src/retry-after.ts';
import { sendWebhook } from '../src/send-webhook.ts';
import { signWebhook } from '../src/sign-webhook.ts';
import { attemptOf, KEY } from './fixtures.ts';

const NEVER = new AbortController().signal;
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

interface Got {
  readonly request: IncomingMessage;
  readonly body: string;
}

async function serve(answer: (response: ServerResponse) => void): Promise<{ action: WebhookAction; got: Got[] }> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      got.push({ request, body });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/hook`;
  return {
    got,
    action: {
      kind: 'webhook',
      name: 'tell',
      url,
      secret: 'abc',
      timeoutMs: 5_000,
      includePath: false,
      attempts: 1,
      backoffMs: 0,
    },
  };
}

const notice = toNotice(attemptOf('/data/Müller^Anna'), { withPath: false });

test('a webhook is a signed POST that says nothing of directory names', async () => {
  const { action, got } = await serve((response) => response.writeHead(204).end());
  expect(await sendWebhook(action, notice, NEVER)).toEqual({ kind: 'done', code: 204 });
  const [{ request, body } = { request: undefined, body: '' }] = got;
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request?.headers ?? {};
  expect([request?.method, request?.headers['content-type'], id]).toEqual(['POST', 'application/json', KEY]);
  const expected = createHmac('sha256', 'abc')
    .update(`${String(id)}.${String(timestamp)}.${body}`)
    .digest('base64');
  expect(signature).toBe(`v1,${expected}`);
  expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(600);
  expect(JSON.parse(body)).toMatchObject({
    type: 'batch.done',
    idempotencyKey: KEY,
    batch: { id: '7', path: null, instances: 3, duplicates: 0, quarantined: 0 },
  });
  expect(body).not.toContain('Anna');
  expect(body).not.toContain('20250228');
});

test('the signature is that of the Standard Webhooks specification', () => {
  const signed = signWebhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1614265330,
    body: '{"test": 2432232314}',
  });
  expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test.each([
  [500, {}, { again: 'later', reason: 'HTTP 500' }],
  [503, { 'retry-after': '120' }, { again: 'later', afterMs: 120_000 }],
  [429, { 'retry-after': '3' }, { again: 'later', afterMs: 3_000 }],
  [408, {}, { again: 'later' }],
  [400, {}, { again: 'never', reason: 'HTTP 400' }],
  [404, {}, { again: 'never' }],
  [302, { location: '/elsewhere' }, { again: 'never', reason: /redirects are not followed/ }],
])('the answer %i %j', async (status, headers, expected) => {
  const { action, got } = await serve((response) => response.writeHead(status, headers).end('secret words'));
  expect(await sendWebhook(action, notice, NEVER)).toMatchObject({ kind: 'failed', code: status, ...expected });
  expect(got).toHaveLength(1);
});

test('no connection, and no answer in time, may be tried again', async () => {
  const { action } = await serve(() => undefined);
  const late = await sendWebhook({ ...action, timeoutMs: 50 }, notice, NEVER);
  expect(late).toMatchObject({ again: 'later', reason: 'no answer within 50 ms' });
  const refused = await sendWebhook({ ...action, url: 'http://127.0.0.1:1/' }, notice, NEVER);
  expect(refused).toMatchObject({ again: 'later', reason: expect.stringContaining('no connection') });
});

test('an interrupted webhook throws the reason', async () => {
  const stop = new AbortController();
  const { action } = await serve(() => stop.abort(new Error('stop')));
  await expect(sendWebhook(action, notice, stop.signal)).rejects.toThrow('stop');
});

test.each([
  [null, undefined],
  ['5', 5_000],
  ['Sat, 01 Mar 2025 12:00:30 GMT', 30_000],
  ['Sat, 01 Mar 2025 11:00:00 GMT', 0],
  ['soon', undefined],
  ['99999999999', 86_400_000],
])('Retry-After %j', (header, expected) => {
  expect(parseRetryAfter(header, new Date('2025-03-01T12:00:00Z'))).toBe(expected);
});
