import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort, openTempDir } from '@sendit/testing';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { send } from '../src/channels/send.ts';
import type { Notice } from '../src/notice.ts';
import { sendTest } from '../src/index.ts';

const line = {
  code: 'disk-low',
  severity: 'warning',
  count: 1,
  since: '2025-03-01T12:00:00.000Z',
  message: 'A disk has little space left.',
} as const;
const NOTICE: Notice = {
  type: 'health.changed',
  id: 'alert_1',
  at: '2025-03-01T12:01:00.000Z',
  installation: 'CT 3',
  level: 'warning',
  raised: [line],
  again: [],
  resolved: [{ ...line, code: 'queue-slow', message: 'An import has waited for too long.' }],
};
const common = { name: 'ops', codes: [], least: 'warning', resolved: true, timeoutMs: 5_000 } as const;
const SECRET = 'sixteen characters or more';
const never = new AbortController().signal;

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A receiver that answers with a status. */
async function openReceiver(status: number, headers: Record<string, string> = {}) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(status, headers).end('secret words');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    received,
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

test('a webhook is signed, and its receiver can tell', async () => {
  await using receiver = await openReceiver(204);
  const outcome = await send({ kind: 'webhook', ...common, url: receiver.url, secret: SECRET }, NOTICE, never);
  expect(outcome).toEqual({ kind: 'sent' });
  const [one] = receiver.received;
  const verified = new Webhook(SECRET, { format: 'raw' }).verify(one?.body ?? '', one?.headers ?? {});
  expect(verified).toEqual(NOTICE);
  expect(one?.headers['webhook-id']).toBe('alert_1');
});

test.each([
  [500, {}, 'HTTP 500'],
  [302, { location: 'http://127.0.0.1:1/' }, 'HTTP 302'],
])('a webhook that answers %i was not sent, and nothing of the answer is kept', async (status, headers, reason) => {
  await using receiver = await openReceiver(status, headers as Record<string, string>);
  const channel = { kind: 'webhook', ...common, url: receiver.url, secret: SECRET } as const;
  expect(await send(channel, NOTICE, never)).toEqual({ kind: 'failed', reason });
});

test('a webhook without a listener, and one without a secret', async () => {
  const channel = { kind: 'webhook', ...common, url: `http://127.0.0.1:${await freePort()}/`, secret: SECRET } as const;
  expect(await send(channel, NOTICE, never)).toEqual({ kind: 'failed', reason: 'no connection (ECONNREFUSED)' });
  expect(await send({ ...channel, secret: '' }, NOTICE, never)).toEqual({
    kind: 'failed',
    reason: 'the secret is not set',
  });
});

/** A mail server on loopback. */
async function openMailServer(options: { readonly user?: string } = {}) {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: options.user === undefined,
    disabledCommands: options.user === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    allowInsecureAuth: true,
    onRcptTo: ({ address }, _session, callback) =>
      callback(address.startsWith('nobody') ? Object.assign(new Error('no such box'), { responseCode: 550 }) : null),
    onData: (stream, _session, callback) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on('end', () => {
        mails.push(text);
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    mails,
    url: `smtp://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  };
}

const mailing = {
  kind: 'email',
  ...common,
  user: undefined,
  password: undefined,
  from: 'sendit@here.example',
} as const;

test('an e-mail says what is wrong in words and codes', async () => {
  await using server = await openMailServer();
  const channel = { ...mailing, server: server.url, to: ['ops@here.example', 'night@here.example'] };
  expect(await send(channel, NOTICE, never)).toEqual({ kind: 'sent' });
  const [encoded = ''] = server.mails;
  const mail = encoded.replaceAll('=\r\n', '');
  expect(mail).toContain('Subject: [CT 3] warning: disk-low');
  expect(mail).toContain('Auto-Submitted: auto-generated');
  expect(mail).toContain('Message-ID: <alert_1@sendit>');
  expect(mail).toContain('A disk has little space left.');
  expect(mail).toContain('Resolved:');
});

test('a mail server that refuses is a reason without its words; a password waits for encryption', async () => {
  await using server = await openMailServer();
  const refused = await send({ ...mailing, server: server.url, to: ['nobody@here.example'] }, NOTICE, never);
  expect(refused).toEqual({ kind: 'failed', reason: 'the mail server answered 550 (EENVELOPE)' });
  const guarded = { ...mailing, server: server.url, to: ['ops@here.example'], user: 'sendit', password: 'secret' };
  expect(await send(guarded, NOTICE, never)).toMatchObject({
    kind: 'failed',
    reason: expect.stringMatching(/ETLS|502/),
  });
  expect(server.mails).toEqual([]);
});

test('a command gets the notice on its standard input, and little of the environment', async () => {
  await using folder = await openTempDir();
  const file = join(folder.path, 'told');
  const exec = { kind: 'exec', ...common, cwd: folder.path, environment: { PATH: process.env['PATH'] ?? '' } } as const;
  const script = `cat > '${file}'; echo "$SENDIT_ALERT_SUBJECT" >> '${file}'; test -z "$HOME"`;
  expect(await send({ ...exec, command: ['sh', '-c', script] }, NOTICE, never)).toEqual({ kind: 'sent' });
  const [json = '', subject] = (await readFile(file, 'utf8')).split('\n');
  expect(JSON.parse(json)).toEqual(NOTICE);
  expect(subject).toBe('[CT 3] warning: disk-low');
});

test.each([
  [['sh', '-c', 'exit 3'], 'exit code 3'],
  [['/does/not/exist'], 'the command cannot be started (ENOENT)'],
  [['sh', '-c', 'sleep 60'], 'no end within 200 ms'],
])('the command %j failed', async (command, reason) => {
  const channel = {
    kind: 'exec',
    ...common,
    command,
    cwd: '/',
    environment: { PATH: process.env['PATH'] ?? '' },
  } as const;
  expect(await send({ ...channel, timeoutMs: 200 }, NOTICE, never)).toMatchObject({ kind: 'failed', reason });
});

test('a test tells of each channel whether it took it', async () => {
  await using receiver = await openReceiver(200);
  const results = await sendTest(
    {
      installation: 'CT 3',
      afterMs: 0,
      againMs: false,
      channels: [
        { kind: 'webhook', ...common, name: 'hook', url: receiver.url, secret: SECRET },
        { ...mailing, name: 'mail', server: 'smtp://127.0.0.1:1', to: ['ops@here.example'] },
      ],
    },
    never,
  );
  expect(results).toEqual([
    { name: 'hook', kind: 'webhook', sent: true, reason: null },
    { name: 'mail', kind: 'email', sent: false, reason: expect.stringContaining('the mail was not sent') },
  ]);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ type: 'health.test', installation: 'CT 3' });
});
