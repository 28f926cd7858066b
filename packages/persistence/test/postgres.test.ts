import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describeWith, freePort, type PostgresServer, startPostgres, waitUntil } from '@sendit/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../src/index.ts';
import { MIGRATIONS, partsOf } from './contract/fixtures.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const manifest = [{ path: 'a.dcm', bytes: 1, mtimeNs: 1n, inode: 1n }];

describe('a PostgreSQL that cannot be used', () => {
  test('refused connections are an unavailable database, and the password is not told', async () => {
    const url = `postgres://me:s3cret@127.0.0.1:${await freePort()}/db`;
    const error: unknown = await openDatabase({ kind: 'postgres', url }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'database-unavailable',
      retry: 'safe',
      message: expect.stringContaining('ECONNREFUSED'),
      hint: expect.stringContaining('DATABASE_URL'),
    });
    expect(told(error)).not.toContain('s3cret');
  });

  test('a server that accepts and stays silent is given up', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const opening = openDatabase({ kind: 'postgres', url: `postgres://me@127.0.0.1:${port}/db` });
    await expect(opening).rejects.toMatchObject({ code: 'database-unavailable', retry: 'safe' });
    server.close();
  });

  test('a server that hangs up at once is given up', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const opening = openDatabase({ kind: 'postgres', url: `postgres://me@127.0.0.1:${port}/db` });
    await expect(opening).rejects.toMatchObject({ code: 'database-unavailable' });
    server.close();
  });

  test.each(['postgres://me:s3cret@[bad/db', 'mysql://me:s3cret@host/db', 's3cret'])(
    'what is no URL of PostgreSQL is a mistake in the configuration, not repeated in the message (%#)',
    async (url) => {
      const error: unknown = await openDatabase({ kind: 'postgres', url }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'bad-configuration' });
      expect(told(error)).not.toContain('s3cret');
    },
  );
});

describeWith(['postgres'], 'a PostgreSQL server', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test('a database that does not exist is named', async () => {
    const opening = openDatabase({ kind: 'postgres', url: server.url.replace(/postgres$/, 'nowhere') });
    await expect(opening).rejects.toMatchObject({
      code: 'database-unavailable',
      retry: 'never',
      message: expect.stringContaining('nowhere'),
    });
  });

  test.each(['LATIN1', 'SQL_ASCII'])(
    'a database in %s is refused, with how to make one that is not',
    async (encoding) => {
      const sql = postgres(server.url, { max: 1 });
      await sql.unsafe(`create database ${encoding.toLowerCase()} encoding '${encoding}' template template0`);
      await sql.end();
      const url = server.url.replace(/postgres$/, encoding.toLowerCase());
      await expect(openDatabase({ kind: 'postgres', url })).rejects.toMatchObject({
        code: 'bad-configuration',
        message: expect.stringContaining(`got ${encoding}`),
        hint: expect.stringContaining('--encoding=UTF8'),
      });
    },
  );

  test('is migrated once by many clients that start at the same time', async () => {
    const url = await server.createDatabase();
    const clients = await Promise.all(
      Array.from({ length: 5 }, () => openDatabase({ kind: 'postgres', url }, { migrate: false })),
    );
    expect(await clients[0]?.migrationStatus()).toEqual({ applied: [], pending: MIGRATIONS });
    await expect(clients[0]?.outbox.count()).rejects.toMatchObject({ code: 'database-schema' });
    const applied = await Promise.all(clients.map((client) => client.migrate()));
    expect(applied.flat()).toEqual(MIGRATIONS);
    await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  });

  test('a schema newer than the code is refused with the names that it does not know', async () => {
    const url = await server.createDatabase();
    await (await openDatabase({ kind: 'postgres', url }))[Symbol.asyncDispose]();
    const sql = postgres(url, { max: 1 });
    await sql`insert into sendit.migrations (name) values ('9999_later')`;
    await sql.end();
    for (const migrate of [true, false]) {
      await expect(openDatabase({ kind: 'postgres', url }, { migrate })).rejects.toMatchObject({
        code: 'database-schema',
        message: expect.stringContaining('9999_later'),
      });
    }
  });

  test('a user without rights on the database can use a schema that was made for it', async () => {
    const url = await server.createDatabase();
    const sql = postgres(url, { max: 1 });
    await sql`create role guest login`;
    const asGuest = url.replace('sendit@', 'guest@');
    await expect(openDatabase({ kind: 'postgres', url: asGuest })).rejects.toMatchObject({
      code: 'database-unavailable',
      hint: expect.stringContaining('Grant'),
    });
    await sql`create schema sendit authorization guest`;
    await sql.end();
    await using db = await openDatabase({ kind: 'postgres', url: asGuest });
    expect(await db.outbox.count()).toBe(0);
  });

  test('an error of ours says neither the values nor the statement', async () => {
    await using db = await openDatabase({ kind: 'postgres', url: await server.createDatabase() });
    const error: unknown = await db.batches
      .seal({
        rootId: '4711',
        relativePath: 'Doe^Jane',
        path: '/data/Doe^Jane',
        name: 'Doe^Jane',
        grade: 'quiet',
        files: 1,
        bytes: 1,
        manifestDigest: 'a',
        manifest,
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'internal', message: expect.stringContaining('batches_root_id_roots_id_fk') });
    expect(told(error)).not.toMatch(/Doe|insert/i);
  });

  test('of two processes that seal the same directories at once, one seals each, with its files', async () => {
    const url = await server.createDatabase();
    await using db = await openDatabase({ kind: 'postgres', url });
    const [gate, watch] = [postgres(url, { max: 1 }), postgres(url, { max: 1 })];
    // Every group of seals finds its directories unknown, and stands before its insert until both processes have come as far.
    await gate`begin`;
    await gate`lock table sendit.batches in share mode`;
    const races = Promise.all([sealRace(url), sealRace(url)]);
    await waitUntil('both processes to stand before their insert', async () => {
      const waiting = await watch`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%sendit"."batches"%'`;
      return waiting.length === 2;
    });
    await gate`commit`;
    const printed = await races;
    await Promise.all([gate.end(), watch.end()]);
    const outcomes = printed.flatMap((text) => text.trim().split('\n')).map((line) => line.split(' '));
    expect(outcomes).toHaveLength(600);
    expect(outcomes.filter(([kind]) => kind === 'sealed')).toHaveLength(300);
    expect(await db.outbox.count()).toBe(300);
    const ids = new Set(outcomes.map(([, id]) => id));
    expect(ids.size).toBe(300);
    for (const id of ids) expect((await partsOf(db, id ?? '')).flat()).toHaveLength(3);
  });

  test('a transaction whose connection is cut is undone as a whole, and never goes on with another connection', async () => {
    const url = await server.createDatabase();
    await using db = await openDatabase({ kind: 'postgres', url, maxConnections: 4 });
    const { id } = await db.roots.upsert({ name: 'data', path: '/data' });
    const knife = postgres(url, { max: 1 });
    let cuts = 0;
    const acknowledged = new Set<string>();
    const refused: unknown[] = [];
    const outcomes = Array.from({ length: 8 }, async (_, worker) => {
      for (let index = 0; cuts < 40; index += 1) {
        const name = `${worker}-${index}`;
        try {
          await db.batches.seal({
            rootId: id,
            relativePath: name,
            path: `/data/${name}`,
            name,
            grade: 'quiet',
            files: 1,
            bytes: 1,
            manifestDigest: 'a',
            manifest,
          });
          acknowledged.add(name);
        } catch (error) {
          refused.push(error);
        }
      }
    });
    while (cuts < 40) {
      const cut = await knife`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sendit'
        and datname = current_database() order by random() limit 2`;
      cuts += cut.length;
    }
    await Promise.all(outcomes);
    await knife.end();
    for (const error of refused) expect(error).toMatchObject({ code: 'database-unavailable', retry: 'safe' });
    const { results: batches } = await db.batches.list({ limit: 100_000 });
    expect(batches).toHaveLength(await db.outbox.count());
    const names = new Set(batches.map((batch) => batch.name));
    for (const { id: batch } of batches) expect(await partsOf(db, batch)).toHaveLength(1);
    expect([...acknowledged].filter((name) => !names.has(name))).toEqual([]);
  });

  test('calls are rejected while it is stopped, at once or in seconds, and work again when it is back', async () => {
    await using db = await openDatabase({ kind: 'postgres', url: await server.createDatabase() });
    const { id } = await db.roots.upsert({ name: 'data', path: '/data' });
    const seal = (name: string) =>
      db.batches.seal({
        rootId: id,
        relativePath: name,
        path: `/data/${name}`,
        name,
        grade: 'quiet',
        files: 1,
        bytes: 1,
        manifestDigest: 'a',
        manifest,
      });
    let stopped = false;
    const acknowledged: string[] = [];
    const refused: unknown[] = [];
    const work = Promise.all(
      [0, 1, 2, 3].map(async (worker) => {
        for (let index = 0; !stopped || refused.length < 4; index += 1) {
          const name = `${worker}-${index}`;
          try {
            await seal(name);
            acknowledged.push(name);
          } catch (error) {
            refused.push(error);
          }
        }
      }),
    );
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(20), 30_000);
    await server.stop('immediate');
    stopped = true;
    await work;
    for (const error of refused) expect(error).toMatchObject({ code: 'database-unavailable', retry: 'safe' });
    for (let index = 0; index < 5; index += 1) {
      await expect(db.ping()).rejects.toMatchObject({ code: 'database-unavailable', retry: 'safe' });
    }
    await expect(seal('while it is away')).rejects.toMatchObject({ code: 'database-unavailable', retry: 'safe' });
    await server.start();
    await vi.waitFor(() => db.ping(), 30_000);
    expect((await seal('after it is back')).kind).toBe('sealed');
    expect((await db.batches.list({ limit: 100_000 })).results).toHaveLength(await db.outbox.count());
    const known = await db.batches.findKnown(id, acknowledged);
    expect(acknowledged.filter((name) => !known.has(name))).toEqual([]);
  });
});

/** Output of a process that seals three hundred directories as fast as it can. */
async function sealRace(url: string): Promise<string> {
  const script = fileURLToPath(new URL('./children/seal-race.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  return (await child.stdout.toArray()).join('');
}

/** Everything of an error that may reach a log. */
function told(error: unknown): string {
  const parts: string[] = [];
  for (let next = error; next instanceof Error; next = next.cause) parts.push(String(next.stack), JSON.stringify(next));
  return parts.join('\n');
}
