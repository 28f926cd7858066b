import { ROUTES, toNeededRole, toOpenApi } from '@sendit/api';
import { mayActAs, ROLES, type Role, silentLogger } from '@sendit/model';
import { aBatch, createFakeApi, createFakePeople, toCheapHash } from '@sendit/testing';
import { describe, expect, test } from 'vitest';
import { createPortal } from '../src/index.ts';
import { createPeopleApi } from '../src/people/people-api.ts';

const TOKEN = 'a'.repeat(43);
const PASSWORD = 'correct horse battery';
const IN_A_DAY = new Date(Date.now() + 86_400_000).toISOString();

function open({ isHealthOpen = true } = {}) {
  const known = createFakePeople();
  const fake = createFakeApi(aBatch('1', { status: 'ERROR' }));
  const own = createPeopleApi(known.people);
  const nothing = () => Promise.resolve({ kind: 'not-found' as const });
  const api = Object.assign(fake, own, { explain: nothing as never });
  const access = { token: TOKEN, isHealthOpen, people: known.people };
  const portal = createPortal(api, { access, logger: silentLogger, pollMs: 10 });
  const request = async (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    await portal.request(path, { ...init, headers: { host: 'localhost', ...headers } });
  const post = (path: string, body: object, headers: Record<string, string> = {}, peer = '10.0.0.9') =>
    portal.request(
      path,
      {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
      },
      { peer },
    );
  const addUser = (name: string, role: Role = 'viewer') =>
    known.people.addUser({ name, role, passwordHash: toCheapHash(PASSWORD), by: 'root' });
  const signIn = (name: string, password = PASSWORD, peer?: string) =>
    post('/api/session', { name, password }, {}, peer);
  const cookieOf = async (name: string): Promise<string> =>
    ((await signIn(name)).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const makeToken = async (role: Role) =>
    (await api.createToken({ name: `of ${role}`, role, expiresAt: IN_A_DAY, by: 'root' })).token;
  return { ...known, api, addUser, cookieOf, makeToken, portal, post, request, signIn };
}

describe('roles', () => {
  const document = toOpenApi('1');
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })),
  );

  test('every route is for those whose role the one table says, and for nobody unknown', async () => {
    const { makeToken, request } = open();
    const tokens = new Map(await Promise.all(ROLES.map(async (role) => [role, await makeToken(role)] as const)));
    expect(routes).toHaveLength(ROUTES.length);
    for (const { method, path } of routes) {
      const route = ROUTES.find((one) => one.method === method && one.path === path);
      expect([path, route]).not.toContain(undefined);
      const needed = route === undefined ? 'admin' : toNeededRole(route.contract);
      const ask = async (headers: Record<string, string>) => {
        const init = { method, ...(method === 'POST' && { body: '{}' }) };
        const answer = await request(
          path.replace('{id}', '1'),
          { 'content-type': 'application/json', ...headers },
          init,
        );
        return answer.status;
      };
      expect([path, await ask({})]).toEqual([path, needed === undefined ? 200 : 401]);
      for (const [role, token] of tokens) {
        const isRefused = (await ask({ authorization: `Bearer ${token}` })) === 403;
        expect([path, role, isRefused]).toEqual([path, role, needed !== undefined && !mayActAs(role, needed)]);
      }
    }
  });

  test('who acts is who is signed in, whatever the request says', async () => {
    const { addUser, api, cookieOf, makeToken, post } = open();
    await addUser('anna', 'operator');
    const said = { ref: '1', decision: 'hold', reason: 'Because.' };
    const origin = { origin: 'http://localhost' };
    expect(
      (await post('/api/decisions', { ...said, by: 'dr-x' }, { ...origin, cookie: await cookieOf('anna') })).status,
    ).toBe(201);
    expect(
      (await post('/api/decisions', said, { authorization: `Bearer ${await makeToken('operator')}` })).status,
    ).toBe(201);
    expect((await post('/api/decisions', said, { authorization: `Bearer ${TOKEN}` })).status).toBe(201);
    await post('/api/batches/1/retry', { by: 'dr-x' }, { authorization: `Bearer ${TOKEN}` });
    expect(api.calls.decide.map(({ by }) => by)).toEqual(['anna', 'token:of operator', 'token']);
    expect(api.calls.retryBatch).toEqual(['1 by token']);
  });

  test('over the socket the caller says who it is', async () => {
    const { api } = open();
    const socket = createPortal(api, { access: 'full', logger: silentLogger });
    const body = JSON.stringify({ ref: '1', decision: 'hold', reason: 'Because.', by: 'anna' });
    const headers = { host: 'localhost', 'content-type': 'application/json' };
    expect((await socket.request('/api/decisions', { method: 'POST', headers, body })).status).toBe(201);
    expect(api.calls.decide[0]?.by).toBe('anna');
  });
});

describe('signing in', () => {
  test('leaves a cookie for this browser alone, which opens until it is signed out', async () => {
    const { addUser, events, request, sessions, signIn } = open();
    await addUser('anna');
    const answer = await signIn(' Anna ');
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect([answer.status, cookie]).toEqual([201, expect.stringMatching(/HttpOnly.*SameSite=Strict/)]);
    const [pair = ''] = cookie.split(';');
    expect([...sessions.keys()][0]).not.toContain(pair.split('=')[1]);
    const who = { who: { name: 'anna', role: 'viewer', kind: 'account' } };
    expect(await (await request('/api/session', { cookie: pair })).json()).toMatchObject(who);
    expect((await request('/api/batches', { cookie: pair })).status).toBe(200);
    const out = await request('/api/session', { cookie: pair, origin: 'http://localhost' }, { method: 'DELETE' });
    expect(out.status).toBe(204);
    expect((await request('/api/batches', { cookie: pair })).status).toBe(401);
    expect(events.map(({ event }) => event)).toEqual(['signed-in', 'signed-out']);
  });

  test('behind a proxy with TLS the cookie goes over TLS alone', async () => {
    const { addUser, portal } = open();
    await addUser('anna');
    const body = JSON.stringify({ name: 'anna', password: PASSWORD });
    const headers = { host: 'localhost', 'content-type': 'application/json' };
    const answer = await portal.request(
      '/api/session',
      { method: 'POST', headers, body },
      { forwarded: { proto: 'https' } },
    );
    expect(answer.headers.get('set-cookie')).toMatch(/; Secure/);
  });

  test('a wrong password and an unknown name get the same answer; what was typed as an unknown name is not kept', async () => {
    const { addUser, events, signIn } = open();
    await addUser('anna');
    const [wrong, unknown] = [await signIn('anna', 'wrong'), await signIn(PASSWORD, 'anna')];
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(await wrong.text()).toBe(await unknown.text());
    expect(events).toEqual([
      { event: 'sign-in-failed', by: 'anna' },
      { event: 'sign-in-failed', by: '' },
    ]);
  });

  test('after five failures an account is locked out, from everywhere, and it is on record once', async () => {
    const { addUser, events, signIn } = open();
    await addUser('anna');
    const all = await Promise.all(
      ['1', '2', '3', '4', '5', '6'].map(async (at) => await signIn('anna', 'wrong', `10.0.0.${at}`)),
    );
    expect(all.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    const right = await signIn('anna');
    expect([right.status, right.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect(events.filter(({ event }) => event === 'locked-out')).toEqual([{ event: 'locked-out', by: 'anna' }]);
  });

  test('another password is needed where the account has another role or is gone', async () => {
    const { accounts, addUser, api, cookieOf, request } = open();
    await addUser('anna', 'viewer');
    const cookie = await cookieOf('anna');
    expect((await request('/api/users', { cookie })).status).toBe(403);
    await api.changeUser({ name: 'anna', role: 'admin', by: 'root' });
    const users = await request('/api/users', { cookie });
    expect([users.status, await users.text()]).toEqual([200, expect.not.stringContaining('scrypt')]);
    accounts.delete('anna');
    expect((await request('/api/users', { cookie })).status).toBe(401);
  });

  test('a page of another origin causes nothing with the cookie of who is signed in', async () => {
    const { addUser, api, cookieOf, request } = open();
    await addUser('anna', 'operator');
    const cookie = await cookieOf('anna');
    for (const headers of [{ origin: 'http://evil.example' }, {}, { 'sec-fetch-site': 'cross-site' }]) {
      const forged = { cookie, 'content-type': 'text/plain', ...headers };
      expect(
        (await request('/api/batches/1/retry', forged as Record<string, string>, { method: 'POST' })).status,
      ).not.toBeLessThan(400);
    }
    expect(api.calls.retryBatch).toEqual([]);
  });

  test('where others reach the address, one sees who is signed in and nothing else', async () => {
    const { request } = open({ isHealthOpen: false });
    expect(await (await request('/api/session')).json()).toEqual({ who: null, ways: { password: true } });
    expect((await request('/api/health')).status).toBe(401);
  });

  test.each(['a:b', 'a\u202Eb', '', 'a'.repeat(65), 'a\u0000'])('%j is no name of an account', async (name) => {
    const { makeToken, post } = open();
    const authorization = `Bearer ${await makeToken('admin')}`;
    expect((await post('/api/users', { name, role: 'viewer', password: PASSWORD }, { authorization })).status).toBe(
      400,
    );
  });

  test('a short password is refused, and not repeated', async () => {
    const { makeToken, post } = open();
    const authorization = `Bearer ${await makeToken('admin')}`;
    const answer = await post('/api/users', { name: 'anna', role: 'viewer', password: 'hunter2' }, { authorization });
    expect([answer.status, await answer.text()]).toEqual([400, expect.not.stringContaining('hunter2')]);
  });
});

test('a token of a script opens what its role may, until it is revoked', async () => {
  const { api, makeToken, request } = open();
  const authorization = `Bearer ${await makeToken('viewer')}`;
  expect((await request('/api/batches', { authorization })).status).toBe(200);
  await api.revokeToken({ name: 'of viewer', by: 'root' });
  expect((await request('/api/batches', { authorization })).status).toBe(401);
});
