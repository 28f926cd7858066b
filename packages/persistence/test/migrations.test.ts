import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  describeWith,
  openMemoryDir,
  openTempDir,
  type SharedPostgres,
  sharedPostgres,
  type TempDir,
} from '@sendit/testing';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEngine } from '../src/engine/embedded-engine.ts';
import { type Database, openDatabase } from '../src/index.ts';
import type { DatabaseTarget } from '../src/database.ts';
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

type Run = (sql: string) => Promise<readonly object[]>;

/** An empty database of one engine, before anything of ours is in it. */
interface Bare extends AsyncDisposable {
  readonly target: DatabaseTarget;
  /** Gives the rows of the last statement. */
  readonly run: Run;
  /** Leaves it to others. */
  readonly close: () => Promise<void>;
}

function migrating(open: () => Promise<Bare>): void {
  test.each(RELEASED)('a database of %s keeps every row, and goes on from there', async (last) => {
    await using bare = await open();
    await bare.run(HOME);
    for (const name of RELEASED.slice(0, RELEASED.indexOf(last) + 1)) {
      await bare.run(await read(FOLDER, name));
      await bare.run(`insert into sendit.migrations (name) values ('${name}')`);
      await bare.run(await read(STORED, name));
    }
    const before = await readRows(bare.run);
    expect(before.get('batches')?.length).toBeGreaterThanOrEqual(6);
    await bare.close();
    await using db = await openDatabase(bare.target);
    expect(await db.migrationStatus()).toEqual({ applied: MIGRATIONS, pending: [] });
    const after = await readRows(db.pglite === undefined ? bare.run : runOn(db.pglite));
    // New columns may come, tables too; what was there stays.
    for (const [table, rows] of before) {
      expect({ table, count: after.get(table)?.length }).toEqual({ table, count: rows.length });
      expect({ table, rows: after.get(table) }).toEqual({
        table,
        rows: expect.arrayContaining(rows.map((row) => expect.objectContaining(row))),
      });
    }
    await goesOn(db);
  });
}

/** By the stores themselves: what was recorded is shown, known, and carried on with. */
async function goesOn(db: Database): Promise<void> {
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

/** Every row of every table, as JSON, but the list of migrations. */
async function readRows(run: Run): Promise<ReadonlyMap<string, readonly object[]>> {
  const tables = await run(
    `select tablename as name from pg_tables where schemaname = 'sendit' and tablename <> 'migrations'`,
  );
  const rows = new Map<string, readonly object[]>();
  for (const { name } of tables as readonly { name: string }[]) {
    const found = await run(`select to_jsonb(one) as value from sendit.${name} as one`);
    rows.set(
      name,
      (found as readonly { value: object }[]).map(({ value }) => value),
    );
  }
  return rows;
}

function runOn(pglite: { exec(text: string): Promise<readonly { readonly rows: readonly unknown[] }[]> }): Run {
  return async (sql) => (await pglite.exec(sql)).at(-1)?.rows as object[];
}

describe('on the embedded engine', () => {
  let temp: TempDir;
  let made: string;
  beforeAll(async () => {
    temp = await openMemoryDir();
    made = join(temp.path, 'made');
    await mkdir(made);
    await (await startEngine(made)).close();
  });
  afterAll(() => temp[Symbol.asyncDispose]());

  migrating(async () => {
    const directory = (await openTempDir(temp.path)).path;
    const data = join(directory, 'pgdata');
    await cp(made, data, { recursive: true });
    const engine = await startEngine(data);
    const close = async (): Promise<void> => (engine.closed ? undefined : engine.close());
    return { target: { kind: 'embedded', directory }, run: runOn(engine), close, [Symbol.asyncDispose]: close };
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
    return {
      target: { kind: 'postgres', url },
      run: (text) => sql.unsafe(text),
      close: async () => undefined,
      [Symbol.asyncDispose]: () => sql.end(),
    };
  });
});
