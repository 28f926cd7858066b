import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWith, openMemoryDir, type SharedPostgres, sharedPostgres } from '@sendit/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEngine } from '../src/embedded-engine.ts';
import { type Database, type DatabaseTarget, openDatabase } from '../src/index.ts';
import { instanceOf, MIGRATIONS, partsOf, resultOf, seriesOf, study } from './contract/fixtures.ts';
import released from './stored/released.json' with { type: 'json' };

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const FOLDER = new URL('../migrations/', import.meta.url);
const STORED = new URL('./stored/', import.meta.url);
const RELEASED = Object.keys(released);
const HOME = `create schema sendit;
  create table sendit.migrations (name text primary key, applied_at timestamptz not null default now());`;

const read = (folder: URL, name: string): Promise<string> => readFile(new URL(`${name}.sql`, folder), 'utf8');

describe('migrations are append-only', () => {
  test.each(Object.entries(released))(
    '%s is as it was when databases were first made with it',
    async (name, digest) => {
      const found = createHash('sha256')
        .update(await read(FOLDER, name))
        .digest('hex');
      // Databases have run it: a change goes into a new migration.
      expect({ [name]: found }).toEqual({ [name]: digest });
    },
  );

  test('none is left out, none comes before one that was released, and each released one has rows of its time', async () => {
    expect(MIGRATIONS.slice(0, RELEASED.length)).toEqual(RELEASED);
    const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).toSorted();
    expect(files).toEqual(MIGRATIONS.map((name) => `${name}.sql`));
    const stored = (await readdir(STORED)).filter((name) => name.endsWith('.sql')).toSorted();
    expect(stored).toEqual(RELEASED.map((name) => `${name}.sql`));
  });
});

/** An empty database of one engine, before anything of ours is in it. */
interface Bare extends AsyncDisposable {
  readonly target: DatabaseTarget;
  readonly exec: (sql: string) => Promise<unknown>;
  /** Closes what `exec` needs. */
  readonly close: () => Promise<void>;
}

/** Every row of every table, as JSON, but the list of migrations. */
type Rows = ReadonlyMap<string, readonly object[]>;

function migrating(open: () => Promise<Bare>): void {
  test.each(RELEASED)('a database of %s keeps every row, and goes on from there', async (last) => {
    await using bare = await open();
    await bare.exec(HOME);
    for (const name of RELEASED.slice(0, RELEASED.indexOf(last) + 1)) {
      await bare.exec(await read(FOLDER, name));
      await bare.exec(`insert into sendit.migrations (name) values ('${name}')`);
      await bare.exec(await read(STORED, name));
    }
    await bare.close();
    const before = await readRows(bare.target, { migrate: false });
    expect(before.get('batches')?.length).toBeGreaterThanOrEqual(6);
    await using db = await openDatabase(bare.target);
    expect(await db.migrationStatus()).toEqual({ applied: MIGRATIONS, pending: [] });
    await db[Symbol.asyncDispose]();
    const after = await readRows(bare.target);
    // New columns may come, tables too; what was there stays.
    for (const [table, rows] of before) {
      expect({ table, count: after.get(table)?.length }).toEqual({ table, count: rows.length });
      expect({ table, rows: after.get(table) }).toEqual({
        table,
        rows: expect.arrayContaining(rows.map((row) => expect.objectContaining(row))),
      });
    }
    await goesOn(bare.target);
  });
}

/** By the stores themselves: what was recorded is shown, known, and carried on with. */
async function goesOn(target: DatabaseTarget): Promise<void> {
  await using db = await openDatabase(target);
  expect(await db.batches.show('DONE')).toMatchObject({ id: '1', status: 'DONE', instances: 2, findings: 1 });
  expect(await db.batches.show('CONFLICT')).toMatchObject({ duplicates: 1, quarantined: 1 });
  expect(await partsOf(db, '1')).toHaveLength(1);
  expect((await db.batches.findKnown('1', ['DONE', 'EMPTY', 'NOWHERE'])).size).toBe(2);
  const running = await messageOf(db, '5');
  const began = await db.studies.begin(running);
  expect(began).toMatchObject({ kind: 'import', attempt: 2, batch: { path: '/data/RUNNING' } });
  const outcome = await db.studies.commit(
    resultOf(running, {
      attempt: 2,
      studies: [{ ...study, studyInstanceUid: '2.25.1' }],
      series: [seriesOf('2.25.11', '2.25.1')],
      instances: [{ ...instanceOf('2.25.111'), digest: '9'.repeat(32) }, instanceOf('2.25.114')],
      findings: [],
    }),
  );
  expect(outcome).toMatchObject({ kind: 'committed', status: 'DONE', instances: 2, quarantined: 0 });
  expect(await db.batches.retry('WAITING')).toMatchObject({ kind: 'queued' });
  const sealed = await db.batches.seal({
    rootId: '1',
    relativePath: 'NEXT',
    path: '/data/NEXT',
    name: 'NEXT',
    grade: 'renamed',
    files: 0,
    bytes: 0,
    manifestDigest: '',
    manifest: [],
  });
  expect(sealed).toMatchObject({ kind: 'sealed', generation: 1 });
}

async function messageOf(db: Database, batchId: string): Promise<{ batchId: string; outboxId: string }> {
  const messages = await db.outbox.claim({ limit: 100, leaseMs: 60_000 });
  const message = messages.find((one) => one.batchId === batchId);
  if (message === undefined) throw new Error(`batch ${batchId} has no message`);
  return { batchId, outboxId: message.id };
}

async function readRows(target: DatabaseTarget, options: { readonly migrate?: boolean } = {}): Promise<Rows> {
  await using db = await openDatabase(target, options);
  const sql = target.kind === 'postgres' ? postgres(target.url, { max: 1 }) : undefined;
  const query = async (text: string): Promise<readonly { readonly value: unknown }[]> =>
    sql === undefined ? ((await db.pglite?.query<{ value: unknown }>(text))?.rows ?? []) : sql.unsafe(text);
  const tables = await query(
    `select tablename as value from pg_tables where schemaname = 'sendit' and tablename <> 'migrations' order by 1`,
  );
  const rows = new Map<string, readonly object[]>();
  for (const { value: table } of tables) {
    const found = await query(`select to_jsonb(one) as value from sendit.${String(table)} as one`);
    rows.set(
      String(table),
      found.map(({ value }) => Object(value)),
    );
  }
  await sql?.end();
  return rows;
}

describe('on the embedded engine', () => {
  migrating(async () => {
    const temp = await openMemoryDir();
    const directory = join(temp.path, 'database');
    const data = join(directory, 'pgdata');
    await mkdir(data, { recursive: true, mode: 0o700 });
    const engine = await startEngine(data);
    return {
      target: { kind: 'embedded', directory },
      exec: (sql) => engine.exec(sql),
      close: () => engine.close(),
      [Symbol.asyncDispose]: async () => {
        if (!engine.closed) await engine.close();
        await temp[Symbol.asyncDispose]();
      },
    };
  });
});

describeWith(['postgres'], 'on PostgreSQL', () => {
  let server: SharedPostgres;
  beforeAll(async () => {
    server = await sharedPostgres();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  migrating(async () => {
    const url = await server.createDatabase();
    const sql = postgres(url, { max: 1 });
    const close = () => sql.end();
    return {
      target: { kind: 'postgres', url },
      exec: (text) => sql.unsafe(text),
      close,
      [Symbol.asyncDispose]: close,
    };
  });
});
