import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { PglitePool } from '../src/pglite-pool.ts';

let engine: PGlite;
let pool: PglitePool;

beforeAll(async () => {
  engine = await PGlite.create();
  pool = new PglitePool(engine);
});
afterAll(() => engine.close());
beforeEach(() => engine.exec('create table if not exists t (n int); truncate t'));

const numbers = async (): Promise<readonly number[]> =>
  (await pool.query<{ n: number }>('select n from t order by n')).rows.map(({ n }) => n);

test('between BEGIN and COMMIT of one client no statement of another comes in', async () => {
  const [first, second] = [await pool.connect(), await pool.connect()];
  await first.query('begin');
  await first.query('insert into t values ($1)', [1]);
  const other = second.query('insert into t select count(*) + 10 from t');
  await first.query('insert into t values (2)');
  await first.query('-- done\ncommit');
  await other;
  expect(await numbers()).toEqual([1, 2, 12]);
});

test('a ROLLBACK leaves nothing, and the client can begin again', async () => {
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('insert into t values (1)');
  await client.query('ROLLBACK');
  await client.query('begin');
  await client.query('insert into t values (2)');
  await client.query('commit');
  expect(await numbers()).toEqual([2]);
});

test('several statements without parameters give the result of the last, as node-postgres does', async () => {
  const { rows } = await pool.query('insert into t values (7); select n from t');
  expect(rows).toEqual([{ n: 7 }]);
});

test('a LISTEN behind comments hears until the client is released', async () => {
  const client = await pool.connect();
  const heard: unknown[] = [];
  client.on('notification', (message) => heard.push(message));
  await client.query('-- why\n  -- and how\nLISTEN some_channel;');
  await pool.query("select pg_notify('some_channel', 'a')");
  await vi.waitFor(() => expect(heard).toEqual([{ channel: 'some_channel', payload: 'a' }]));

  client.release();
  await vi.waitFor(async () => {
    heard.length = 0;
    await pool.query("select pg_notify('some_channel', 'b')");
    await pool.query('select 1');
    expect(heard).toEqual([]);
  });
});

test('timers run while statements follow each other', async () => {
  let ticked = false;
  const timer = setTimeout(() => {
    ticked = true;
  }, 0);
  while (!ticked) await pool.query('select 1');
  clearTimeout(timer);
  expect(ticked).toBe(true);
});
