import { once } from 'node:events';
import { request } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { silentLogger } from '@sendit/model';
import { aBatch, createFakeApi, waitUntil } from '@sendit/testing';
import { describe, expect, test, vi } from 'vitest';
import { createPortal, servePortal } from '../src/index.ts';
import { createRecordingLogger } from './recording-logger.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0, portExplicit: false, logger: silentLogger };

function open() {
  const api = createFakeApi(aBatch('1'));
  return { api, app: createPortal(api, { access: 'read-only', logger: silentLogger, pollMs: 10 }) };
}

async function occupyPort(): Promise<AsyncDisposable & { port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Expected a TCP address.');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

function statusFor(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode));
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** Reads server-sent events until `enough` says so of the text so far. */
async function readEvents(response: Response, enough: (text: string) => boolean): Promise<string> {
  if (response.body === null) throw new Error('Expected a body.');
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    if (enough(text)) return text;
  }
  return text;
}

describe('the portal on a port', () => {
  test('idle live feeds take no more connections than they are given, and requests are answered beside them', async () => {
    const { app } = open();
    const limits = { inAll: 8, perClient: 6, feedsPerClient: 4 };
    await using served = await servePortal(app, { ...LOOPBACK, limits });
    const stop = new AbortController();
    const feeds = await Promise.all(
      Array.from({ length: 5 }, () => fetch(`${served.url}/api/live`, { signal: stop.signal })),
    );
    expect(feeds.filter(({ status }) => status === 200)).toHaveLength(4);
    const refused = feeds.find(({ status }) => status === 503);
    expect(refused?.headers.get('retry-after')).toBe('10');
    expect(await refused?.json()).toMatchObject({ error: { code: 'too-many-connections', retry: 'safe' } });
    expect(await statusFor(`${served.url}/healthz`, {})).toBe(200);
    stop.abort();
    await waitUntil('a place to be free', async () => {
      const again = new AbortController();
      const { status } = await fetch(`${served.url}/api/live`, { signal: again.signal });
      again.abort();
      return status === 200;
    });
  });

  test('a connection beyond the limit is told so and closed', async () => {
    const { app } = open();
    const limits = { inAll: 2, perClient: 2, feedsPerClient: 1 };
    await using served = await servePortal(app, { ...LOOPBACK, limits });
    const { hostname, port } = new URL(served.url);
    const idle = [connect(Number(port), hostname), connect(Number(port), hostname)];
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    expect(await statusFor(`${served.url}/healthz`, {})).toBe(503);
    for (const socket of idle) socket.destroy();
    await waitUntil('a connection to be free', async () => (await statusFor(`${served.url}/healthz`, {})) === 200);
  });

  test('answers at the URL it names', async () => {
    const { app, api } = open();
    await using served = await servePortal(app, LOOPBACK);
    const response = await fetch(`${served.url}/api/status`);
    expect(await response.json()).toEqual(api.watcher);
  });

  test('moves from a taken default port to a free one and says so', async () => {
    await using taken = await occupyPort();
    const logger = createRecordingLogger();
    await using served = await servePortal(open().app, { ...LOOPBACK, port: taken.port, logger });
    expect(new URL(served.url).port).not.toBe(String(taken.port));
    expect((await fetch(`${served.url}/healthz`)).ok).toBe(true);
    expect(logger.lines).toHaveLength(1);
    expect(logger.lines[0]).toContain('"level":"warning"');
  });

  test('does not move from a port that somebody chose', async () => {
    await using taken = await occupyPort();
    const options = { ...LOOPBACK, port: taken.port, portExplicit: true };
    await expect(servePortal(open().app, options)).rejects.toMatchObject({
      code: 'port-in-use',
      hint: expect.stringMatching(/port/),
    });
  });

  test('says what is wrong with an address that is not ours', async () => {
    await expect(servePortal(open().app, { ...LOOPBACK, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'start-failed',
    });
  });

  test('refuses a Host header of another name, and on all addresses accepts only literals and its own name', async () => {
    await using served = await servePortal(open().app, { ...LOOPBACK, host: '0.0.0.0' });
    const url = `${served.url.replace('localhost', '127.0.0.1')}/api/status`;
    expect(await statusFor(url, { host: 'evil.example' })).toBe(403);
    expect(await statusFor(url, { host: '10.1.2.3:8790' })).toBe(200);
    expect(await statusFor(url, { host: 'localhost' })).toBe(200);
  });

  test('streams the present state and then each change', async () => {
    const { app, api } = open();
    await using served = await servePortal(app, LOOPBACK);
    const stop = new AbortController();
    const response = await fetch(`${served.url}/api/live`, { signal: stop.signal });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const text = await readEvents(response, (soFar) => {
      if (soFar.includes('event: batches') && api.batches.length === 1) api.batches = [aBatch('2'), ...api.batches];
      return soFar.includes('directory-2');
    });
    expect(text).toMatch(/^event: hello\n/);
    expect(text.match(/event: status\n/g)).toHaveLength(1);
    stop.abort();
  });

  test('stops polling when the last listener goes', async () => {
    const { app, api } = open();
    await using served = await servePortal(app, LOOPBACK);
    const stop = new AbortController();
    const response = await fetch(`${served.url}/api/live`, { signal: stop.signal });
    await readEvents(response, (text) => text.includes('event: batches'));
    stop.abort();
    let before = -1;
    // Polls come every 10 ms: two looks with the same count in between mean that they ended.
    await vi.waitFor(
      () => {
        const last = before;
        before = api.calls.status;
        expect(before).toBe(last);
      },
      { interval: 100, timeout: 5000 },
    );
  });

  test('ends live streams, idle and silent connections when it is disposed', async () => {
    const { app } = open();
    const served = await servePortal(app, LOOPBACK);
    const response = await fetch(`${served.url}/api/live`);
    const reading = readEvents(response, () => false);
    const silent: Socket = connect(Number(new URL(served.url).port), '127.0.0.1');
    await once(silent, 'connect');
    const silentClosed = once(silent, 'close');
    expect((await fetch(`${served.url}/healthz`)).ok).toBe(true);
    await served[Symbol.asyncDispose]();
    expect(await reading).toContain('event: hello');
    await silentClosed;
    await expect(fetch(`${served.url}/healthz`)).rejects.toThrow('fetch failed');
    await served[Symbol.asyncDispose]();
  });
});
