import {
  describeWith,
  makeAuthority,
  openTempDir,
  type PostgresServer,
  startPostgres,
  type TempDir,
} from '@sendit/testing';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPostgres } from '../src/engine/open-postgres.ts';

describeWith(['postgres'], 'an encrypted connection to PostgreSQL', () => {
  let temp: TempDir;
  let server: PostgresServer;
  let root: string;
  let strangeRoot: string;
  beforeAll(async () => {
    temp = await openTempDir();
    const authority = await makeAuthority(temp.path, 'IP:127.0.0.1');
    strangeRoot = (await makeAuthority((await openTempDir(temp.path)).path, 'IP:127.0.0.1')).root;
    root = authority.root;
    server = await startPostgres({ tls: authority.server });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await temp[Symbol.asyncDispose]();
  });

  test.each([
    ['require', () => 'sslmode=require', true],
    ['verify-ca', () => `sslmode=verify-ca&sslrootcert=${root}`, true],
    ['verify-full', () => `sslmode=verify-full&sslrootcert=${root}`, true],
    ['nothing', () => 'application_name=x', false],
  ])('with %s', async (_, parameters, encrypted) => {
    await using connection = await openPostgres(`${server.url}?${parameters()}`);
    const rows = await connection.run((db) =>
      db.select({ ssl: sql`ssl` }).from(sql`pg_stat_ssl`).where(sql`pid = pg_backend_pid()`),
    );
    expect(rows).toEqual([{ ssl: encrypted }]);
  });

  test('is refused where the certificate is of another authority, or for another host', async () => {
    const strange = `${server.url}?sslmode=verify-full&sslrootcert=${strangeRoot}`;
    await expect(openPostgres(strange)).rejects.toMatchObject({ code: 'database-unavailable' });
    const otherName = `${server.url.replace('127.0.0.1', 'localhost')}?sslmode=verify-full&sslrootcert=${root}`;
    await expect(openPostgres(otherName)).rejects.toMatchObject({ code: 'database-unavailable' });
    await using byAuthority = await openPostgres(otherName.replace('verify-full', 'verify-ca'));
    await byAuthority.ping();
  });
});
