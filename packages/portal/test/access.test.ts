import { silentLogger } from '@sendit/model';
import { aBatch, aRoot, aStatus, createFakeApi } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { createPortal, servePortal } from '../src/index.ts';

const TOKEN = 'a'.repeat(43);
const SECRET = 'Müller^Anna';

function open(isHealthOpen = true) {
  const api = createFakeApi(aBatch('1', { name: SECRET }));
  const health = {
    level: 'error',
    problems: [
      { code: 'not-watched', severity: 'error', since: null, subject: SECRET, message: `${SECRET} is gone.` },
      { code: 'batches-failed', severity: 'warning', since: null, subject: 'batches', count: 2, message: '2 batches.' },
    ],
  } as const;
  api.watcher = aStatus({ roots: [aRoot({ name: SECRET, path: `/data/${SECRET}` })], health, problems: [SECRET] });
  const portal = createPortal(api, { access: { token: TOKEN, isHealthOpen }, logger: silentLogger, pollMs: 10 });
  const request = async (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    await portal.request(path, { ...init, headers: { host: 'localhost', ...headers } });
  return { api, portal, request };
}

/** First event of the live feed. */
async function readFeed(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  let said = '';
  while (!said.includes('event: batches')) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) break;
    said += new TextDecoder().decode(value);
  }
  await reader?.cancel();
  return said;
}

describe('without the token', () => {
  const names = [
    '/api/watcher',
    '/api/status',
    '/api/batches',
    '/api/batches/1',
    '/api/pending',
    '/api/studies',
    '/api/audit',
  ];

  test.each(names)('%s is 401, and says what to do', async (path) => {
    const { api, request } = open();
    const response = await request(path);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({
      error: { code: 'unauthorized', hint: expect.stringContaining('portal open') },
    });
    expect(api.calls.listBatches).toBe(0);
  });

  test('nothing is done', async () => {
    const { api, request } = open();
    expect((await request('/api/batches/1/retry', {}, { method: 'POST' })).status).toBe(401);
    expect(api.calls.retryBatch).toEqual([]);
  });

  test('health and counts are there, and no name', async () => {
    const { request } = open();
    for (const path of ['/healthz', '/readyz', '/api/health', '/api/openapi.json']) {
      const response = await request(path);
      expect([path, response.status]).toEqual([path, 200]);
      expect(await response.text()).not.toContain('Anna');
    }
    const feed = await readFeed(await request('/api/events'));
    expect(feed).toContain('not-watched');
    expect(feed).toContain('2 batches ended in ERROR.');
    expect(feed).not.toContain('Anna');
  });

  test('on an address that others reach there is not even that, but that it lives', async () => {
    const { request } = open(false);
    for (const path of ['/api/health', '/api/events', '/metrics', '/api/openapi.json']) {
      expect([path, (await request(path)).status]).toEqual([path, 401]);
    }
    expect((await request('/healthz')).status).toBe(200);
    expect((await request('/readyz')).status).toBe(200);
  });

  test.each(['', 'b'.repeat(43), `${TOKEN}x`, TOKEN.slice(1)])('a wrong one (%j) opens nothing', async (wrong) => {
    const { request } = open();
    expect((await request('/api/watcher', { authorization: `Bearer ${wrong}` })).status).toBe(401);
    const linked = await request(`/?token=${wrong}`);
    expect([linked.status, linked.headers.get('set-cookie')]).toEqual([303, null]);
  });
});

describe('with the token', () => {
  test('a script reads names and acts', async () => {
    const { request } = open();
    const authorization = `Bearer ${TOKEN}`;
    expect(await (await request('/api/batches/1', { authorization })).text()).toContain(SECRET);
    expect((await request('/api/batches/1/retry', { authorization }, { method: 'POST' })).status).toBe(409);
    expect(await readFeed(await request('/api/events', { authorization }))).toContain(SECRET);
  });

  test('the link leaves a cookie that scripts of a page cannot read, and no token in the address', async () => {
    const { request } = open();
    const linked = await request(`/?token=${TOKEN}`);
    expect([linked.status, linked.headers.get('location')]).toEqual([303, './']);
    const cookie = linked.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(TOKEN);
    const [pair = ''] = cookie.split(';');
    expect((await request('/api/watcher', { cookie: pair })).status).toBe(200);
    expect((await request('/api/watcher', { cookie: `${pair}x` })).status).toBe(401);
    // What the cookie holds is no token.
    expect((await request('/api/watcher', { authorization: `Bearer ${pair.split('=')[1] ?? ''}` })).status).toBe(401);
  });
});

describe('behind a proxy', () => {
  async function serve(options: Partial<Parameters<typeof servePortal>[1]>) {
    const { portal } = open();
    const where = { host: '127.0.0.1', port: 0, portExplicit: false, logger: silentLogger };
    return await servePortal(portal, { ...where, ...options });
  }
  const headers = (host: string, more: Record<string, string> = {}) => ({
    headers: { 'x-forwarded-host': host, ...more },
  });

  test('a path is taken away where the proxy leaves it, and led to its slash', async () => {
    await using served = await serve({ basePath: '/sendit' });
    expect((await fetch(`${served.url}/sendit/healthz`)).status).toBe(200);
    expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
    const bare = await fetch(`${served.url}/sendit`, { redirect: 'manual' });
    expect([bare.status, bare.headers.get('location')]).toEqual([308, '/sendit/']);
    expect((await fetch(`${served.url}/senditx/healthz`)).status).toBe(404);
  });

  test('what it says of the host counts where it is trusted, and the host is named', async () => {
    await using trusting = await serve({ hosts: ['pacs.example'], trustedProxies: ['127.0.0.1'] });
    expect((await fetch(`${trusting.url}/healthz`, headers('PACS.example'))).status).toBe(200);
    const other = await fetch(`${trusting.url}/healthz`, headers('evil.example'));
    expect([other.status, await other.text()]).toEqual([403, expect.stringContaining('portal.hosts')]);
    const secure = await fetch(`${trusting.url}/?token=${TOKEN}`, {
      redirect: 'manual',
      ...headers('pacs.example', { 'x-forwarded-proto': 'https' }),
    });
    expect(secure.headers.get('set-cookie')).toMatch(/Secure/);
    await using other2 = await serve({ hosts: ['pacs.example'] });
    expect((await fetch(`${other2.url}/healthz`, headers('evil.example'))).status).toBe(200);
  });
});
