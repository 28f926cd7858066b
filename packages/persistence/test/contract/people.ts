import { expect, test } from 'vitest';
import type { Engine } from './fixtures.ts';

const HOUR_MS = 3_600_000;

/** Contract of every engine: accounts, sessions and tokens. */
export function peopleContract(engine: Engine): void {
  test('an account is found by its name until it is removed, each change on record', async () => {
    await using opened = await engine.open();
    const { people } = opened.db;
    const anna = { name: 'anna', role: 'viewer', passwordHash: 'h1', by: 'root' } as const;
    expect(await people.addUser(anna)).toMatchObject({ name: 'anna', role: 'viewer', lastSeenAt: null });
    expect(await people.addUser(anna)).toBeUndefined();
    expect(await people.changeUser({ name: 'anna', role: 'admin', by: 'root' })).toMatchObject({ role: 'admin' });
    expect(await people.changeUser({ name: 'bea', role: 'admin', by: 'root' })).toBeUndefined();
    expect(await people.findUser('anna')).toEqual({ name: 'anna', role: 'admin', passwordHash: 'h1' });
    expect(await people.removeUser({ name: 'anna', by: 'root' })).toBe(true);
    expect(await people.removeUser({ name: 'anna', by: 'root' })).toBe(false);
    expect(await people.listUsers()).toEqual([]);
    const { results } = await people.listAccess({});
    expect(results.map(({ about, by, event }) => [event, by, about])).toEqual([
      ['user-removed', 'root', 'anna'],
      ['user-changed', 'root', 'anna: admin'],
      ['user-added', 'root', 'anna: viewer'],
    ]);
  });

  test('a session has the role of its account now, and ends with its password, its account or its closing', async () => {
    await using opened = await engine.open();
    const { people } = opened.db;
    await people.addUser({ name: 'anna', role: 'viewer', passwordHash: 'h1', by: 'root' });
    const begin = (digest: string) => people.openSession({ digest, name: 'anna', role: 'viewer', isAccount: true });
    await begin('s1');
    await people.changeUser({ name: 'anna', role: 'operator', by: 'root' });
    expect(await people.findSession('s1')).toEqual({ name: 'anna', role: 'operator' });
    expect((await people.listUsers())[0]?.lastSeenAt).toMatch(/^\d{4}-.*Z$/);
    await people.changeUser({ name: 'anna', passwordHash: 'h2', by: 'root' });
    expect(await people.findSession('s1')).toBeUndefined();
    await begin('s2');
    await people.closeSession('s2');
    expect(await people.findSession('s2')).toBeUndefined();
    await begin('s3');
    await people.removeUser({ name: 'anna', by: 'root' });
    expect(await people.findSession('s3')).toBeUndefined();
    await begin('s4');
    expect(await people.findSession('s4')).toBeUndefined();
  });

  test('a token is found by its digest until it ends or is revoked', async () => {
    await using opened = await engine.open();
    const { people } = opened.db;
    const inAnHour = new Date(Date.now() + HOUR_MS).toISOString();
    const ci = { name: 'ci', role: 'viewer', digest: 'd1', expiresAt: inAnHour, by: 'root' } as const;
    expect(await people.createToken(ci)).toMatchObject({ name: 'ci', createdBy: 'root', lastUsedAt: null });
    expect(await people.createToken({ ...ci, digest: 'd2' })).toBeUndefined();
    expect(await people.findToken('d1')).toEqual({ name: 'ci', role: 'viewer' });
    const [listed] = await people.listTokens();
    expect([listed?.lastUsedAt, JSON.stringify(listed)]).toEqual([
      expect.any(String),
      expect.not.stringContaining('d1'),
    ]);
    expect(await people.revokeToken({ name: 'ci', by: 'root' })).toBe(true);
    expect(await people.findToken('d1')).toBeUndefined();
    await people.createToken({ ...ci, digest: 'd3', expiresAt: new Date(Date.now() - HOUR_MS).toISOString() });
    expect(await people.findToken('d3')).toBeUndefined();
    expect(await people.createToken({ ...ci, digest: 'd4' })).toMatchObject({ name: 'ci' });
  });
}
