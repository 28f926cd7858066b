import type { BatchSummary, Page } from '@sendit/api';
import { SenditError } from '@sendit/model';
import { aBatch, createFakeApi } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { createPortal } from '../src/index.ts';
import { createRecordingLogger } from './recording-logger.ts';

const SECRET = 'Müller^Anna';

function open(access: 'read-only' | 'full' = 'read-only') {
  const api = createFakeApi(
    aBatch('3', { status: 'ERROR', reason: 'No.' }),
    aBatch('2', { root: 'ct' }),
    aBatch('1', { name: SECRET }),
  );
  const logger = createRecordingLogger();
  const portal = createPortal(api, { access, logger });
  /** A request as a server would pass it on: with a Host header. */
  const request = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (!headers.has('host')) headers.set('host', 'localhost');
    return await portal.request(path, { ...init, headers });
  };
  return { api, logger, app: { request } };
}

function lookup(ref: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ref }) };
}

describe('the API', () => {
  test('answers with what waits', async () => {
    const { app, api } = open();
    api.pending.push({
      root: 'ct',
      path: '/data/ct/scan',
      name: 'scan',
      arrival: 'created',
      outcome: 'hold',
      reason: 'it has no file',
      since: '2025-03-01T10:00:00.000Z',
      decision: null,
      identity: null,
      waitingMs: 21_600_000,
      unchangedMs: 21_500_000,
      snapshotDigest: 's',
      quietMs: 15_000,
    });
    const response = await app.request('/api/pending');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      count: 1,
      next: null,
      previous: null,
      results: [{ ...api.pending[0], stage: 'settling' }],
    });
  });

  test('answers with the status', async () => {
    const { app, api } = open();
    const response = await app.request('/api/status');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(api.watcher);
  });

  test('lists batches by status, watch path and limit', async () => {
    const { app } = open();
    const ids = async (query: string): Promise<unknown> => {
      const response = await app.request(`/api/batches${query}`);
      const { results } = (await response.json()) as Page<BatchSummary>;
      return results.map(({ id }) => id);
    };
    expect(await ids('')).toEqual(['3', '2', '1']);
    expect(await ids('?status=ERROR')).toEqual(['3']);
    expect(await ids('?root=ct')).toEqual(['2']);
    expect(await ids('?limit=2')).toEqual(['3', '2']);
  });

  test.each(['?status=done', '?limit=0', '?limit=1&limit=2', '?page=2', '?root='])(
    'refuses the query %s with 400 and says what it expected',
    async (query) => {
      const { app, api } = open();
      const response = await app.request(`/api/batches${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { code: 'bad-arguments', message: expect.stringMatching(/^Expected /) },
      });
      expect(api.calls.listBatches).toBe(0);
    },
  );

  test('shows a batch by its id', async () => {
    const { app, api } = open();
    expect(await (await app.request('/api/batches/3')).json()).toEqual(api.batches[0]);
    expect((await app.request('/api/batches/9')).status).toBe(404);
  });

  test('does not find a batch by a name in the URL, only by one in a body', async () => {
    const { app } = open();
    expect((await app.request(`/api/batches/${encodeURIComponent(SECRET)}`)).status).toBe(404);
    const response = await app.request('/api/batches/lookup', lookup(SECRET));
    expect(await response.json()).toMatchObject({ id: '1' });
  });

  test('refuses a lookup without a reference, of another type, malformed or too large', async () => {
    const { app } = open();
    const bodies: RequestInit[] = [
      lookup(undefined),
      { ...lookup('1'), headers: { 'content-type': 'text/plain' } },
      { ...lookup('1'), body: '{"ref":' },
      lookup('x'.repeat(100_000)),
    ];
    for (const body of bodies) {
      const response = await app.request('/api/batches/lookup', body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: 'bad-arguments' } });
    }
  });

  test('retries only where access is full', async () => {
    const readOnly = open();
    const refused = await readOnly.app.request('/api/batches/3/retry', { method: 'POST' });
    expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'refused' } }]);
    expect(readOnly.api.calls.retryBatch).toEqual([]);

    const { app } = open('full');
    const answer = async (id: string) => {
      const response = await app.request(`/api/batches/${id}/retry`, { method: 'POST' });
      return [response.status, await response.json()];
    };
    expect(await answer('3')).toEqual([202, { kind: 'queued', batchId: '3' }]);
    expect(await answer('2')).toEqual([409, { kind: 'refused', status: 'DONE' }]);
    expect(await answer('9')).toEqual([404, { kind: 'not-found' }]);
    expect(await answer(encodeURIComponent(SECRET))).toMatchObject([404, { error: { code: 'bad-arguments' } }]);
  });

  test('retries by filter only where access is full, and checks the filter', async () => {
    const query = { statuses: ['ERROR'], limit: 10, dryRun: false };
    const post = (app: ReturnType<typeof open>['app'], body: object) =>
      app.request('/api/batches/retry', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const readOnly = open();
    expect((await post(readOnly.app, query)).status).toBe(403);
    expect(readOnly.api.calls.retryBatches).toEqual([]);

    const { app, api } = open('full');
    const answer = await post(app, query);
    expect([answer.status, await answer.json()]).toEqual([202, { batchIds: ['3'], next: null }]);
    expect(api.calls.retryBatches).toEqual([query]);
    const wrong = await post(app, { statuses: ['BROKEN'], limit: 0, since: 'soon', after: 'x', root: '', page: 1 });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({
      error: { problems: Array.from({ length: 7 }, () => expect.any(String)) },
    });
    expect(api.calls.retryBatches).toHaveLength(1);
  });

  test('takes decisions only where access is full, and only whole ones', async () => {
    const whole = { ref: '3', decision: 'hold', by: 'alice', reason: 'Wait.' };
    const post = (body: unknown): RequestInit => ({ ...lookup('3'), body: JSON.stringify(body) });
    const readOnly = open();
    const refused = await readOnly.app.request('/api/decisions', post(whole));
    expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'refused' } }]);
    expect(readOnly.api.calls.decide).toEqual([]);

    const { api, app } = open('full');
    expect(await (await app.request('/api/decisions', post(whole))).json()).toMatchObject({
      batchId: '3',
      to: 'HELD',
    });
    expect(api.calls.decide).toEqual([whole]);
    for (const part of [
      { reason: ' ' },
      { by: '' },
      { decision: 'delete' },
      { ref: undefined },
      { reason: 'x'.repeat(2001) },
    ]) {
      const response = await app.request('/api/decisions', post({ ...whole, ...part }));
      expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'bad-arguments' } }]);
    }
    expect(api.calls.decide).toHaveLength(1);
  });

  test('accepts a mount only where access is full, and only with who and why', async () => {
    const whole = { ref: 'incoming', by: 'alice', reason: 'Moved.' };
    const post = (body: unknown): RequestInit => ({ ...lookup('3'), body: JSON.stringify(body) });
    const readOnly = open();
    expect((await readOnly.app.request('/api/roots/accept', post(whole))).status).toBe(403);
    expect(readOnly.api.calls.acceptMount).toEqual([]);
    const { api, app } = open('full');
    expect((await app.request('/api/roots/accept', post(whole))).status).toBe(201);
    for (const part of [{ reason: ' ' }, { by: undefined }, { ref: '' }]) {
      expect((await app.request('/api/roots/accept', post({ ...whole, ...part }))).status).toBe(400);
    }
    expect(api.calls.acceptMount).toEqual([whole]);
  });

  test('does not retry on GET', async () => {
    const { app, api } = open('full');
    expect((await app.request('/api/batches/3/retry')).status).toBe(404);
    expect(api.calls.retryBatch).toEqual([]);
  });

  test('maps an error of the installation to its status, with code, hint and problems', async () => {
    const { app, api } = open();
    api.failure = new SenditError('No database.', { code: 'database-unavailable', hint: 'Start it.', problems: ['a'] });
    const response = await app.request('/api/status');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      error: {
        code: 'database-unavailable',
        message: 'No database.',
        retry: 'never',
        hint: 'Start it.',
        problems: ['a'],
      },
    });
  });

  test('keeps the message of an unexpected error out of the answer and out of the log', async () => {
    const { app, api, logger } = open();
    api.failure = new TypeError(`Cannot read ${SECRET}`);
    const response = await app.request('/api/batches/1');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain(SECRET);
    expect(logger.lines).toHaveLength(1);
    expect(logger.lines[0]).toContain('"route":"/api/batches/:id{[0-9]+}"');
    expect(logger.lines[0]).toContain('TypeError');
    expect(logger.lines[0]).not.toContain(SECRET);
  });

  test('answers an unknown API route with 404 and JSON', async () => {
    const { app } = open();
    const response = await app.request('/api/patients');
    expect([response.status, await response.json()]).toMatchObject([404, { error: { hint: expect.any(String) } }]);
    expect((await app.request('/admin')).status).toBe(404);
  });

  test('is ready where the database answers', async () => {
    const { app, api } = open();
    expect([(await app.request('/readyz')).status, await (await app.request('/readyz')).json()]).toEqual([
      200,
      { ready: true, active: true },
    ]);
    const problem = {
      code: 'database-unavailable',
      severity: 'error',
      since: null,
      subject: 'database',
      message: 'x',
    } as const;
    api.watcher = { ...api.watcher, health: { level: 'error', problems: [problem] } };
    expect((await app.request('/readyz')).status).toBe(503);
    api.failure = new SenditError('No database.', { code: 'database-unavailable' });
    expect((await app.request('/readyz')).status).toBe(503);
  });

  test('describes itself', async () => {
    const { app } = open();
    const document = await (await app.request('/api/openapi.json')).json();
    expect(document).toMatchObject({ openapi: '3.1.0', paths: { '/api/batches': { get: {} } } });
  });

  test('takes filters of several words as an address has them, and lists by commas', async () => {
    const { app } = open();
    const status = async (query: string) => (await app.request(`/api/batches?${query}`)).status;
    expect(await status('needs-attention=true&status=ERROR,HELD&sort=-name')).toBe(200);
    expect(await status('needs-attention=false')).toBe(400);
    expect(await status('status=ERROR,GONE')).toBe(400);
    expect(await status('sort=path')).toBe(400);
  });

  test('is healthy whatever the installation does', async () => {
    const { app, api } = open();
    api.failure = new Error('down');
    expect((await app.request('/healthz')).status).toBe(200);
  });

  test('a HEAD request for the live feed leaves no reader behind', async () => {
    const { app, api } = open();
    expect((await app.request('/api/live', { method: 'HEAD' })).status).toBe(200);
    expect(api.calls.status).toBe(0);
  });
});

describe('what every answer says to the browser', () => {
  test('data is not stored, nothing is framed, guessed, referred to or loaded from elsewhere', async () => {
    const { app } = open();
    for (const path of ['/api/status', '/api/batches/none', '/api/nothing']) {
      const { headers } = await app.request(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
    }
  });

  test.each([
    'evil.example',
    'evil.example:8790',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'a@localhost',
    '',
  ])('refuses the Host header %j', async (host) => {
    const { app, api } = open();
    for (const path of ['/', '/api/status', '/healthz']) {
      const response = await app.request(path, { headers: { host } });
      expect([response.status, await response.json()]).toMatchObject([403, { error: { code: 'refused' } }]);
    }
    expect(api.calls.status).toBe(0);
  });

  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1:8790', '127.8.8.8', '[::1]:8790'])(
    'accepts the Host header %j',
    async (host) => {
      const { app } = open();
      expect((await app.request('/api/status', { headers: { host } })).status).toBe(200);
    },
  );

  test('refuses API calls that a page of another origin causes', async () => {
    const { app } = open();
    const from = (site: string) => ({ headers: { host: 'localhost', 'sec-fetch-site': site } });
    expect((await app.request('/api/status', from('cross-site'))).status).toBe(403);
    expect((await app.request('/api/live', from('same-site'))).status).toBe(403);
    expect((await app.request('/api/status', from('same-origin'))).status).toBe(200);
  });
});
