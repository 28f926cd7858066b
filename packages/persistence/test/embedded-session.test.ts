import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EmbeddedSession } from '../src/engine/embedded-session.ts';
import { joinBytes } from '../src/engine/wire.ts';

let engine: PGlite;
let session: EmbeddedSession;
/** How many messages to parse a statement the engine was sent. */
let parses = 0;

beforeAll(async () => {
  engine = await PGlite.create();
});
afterAll(() => engine.close());
beforeEach(async () => {
  await engine.exec('deallocate all; drop table if exists t; create table t (n integer primary key)');
  parses = 0;
  session = new EmbeddedSession({
    ask: async (message) => {
      parses += countParses(message);
      const parts: Uint8Array[] = [];
      await engine.execProtocolRawStream(message, { onRawData: (bytes) => void parts.push(bytes.slice()) });
      return joinBytes(parts);
    },
    close: async () => undefined,
  });
});

function countParses(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1 + view.getUint32(at + 1)) {
    if (bytes[at] === 'P'.charCodeAt(0)) count += 1;
  }
  return count;
}

const numbers = async (): Promise<readonly unknown[]> =>
  (await session.query<{ n: number }>('select n from t order by n')).rows.map(({ n }) => n);

test.each<[string, unknown, unknown]>([
  ['integer', 7, 7],
  ['bigint', 9_007_199_254_740_991, 9_007_199_254_740_991],
  ['text', 'ä"\\\u{1F600}', 'ä"\\\u{1F600}'],
  ['text', null, null],
  ['boolean', true, true],
  ['double precision', 1.5, 1.5],
  ['jsonb', { a: [1, null, 'x'] }, { a: [1, null, 'x'] }],
  ['text[]', ['a', 'b,"\\', '', null, 'NULL'], ['a', 'b,"\\', '', null, 'NULL']],
  ['bigint[]', [1, 2], [1, 2]],
  ['timestamptz', new Date('2024-01-31T01:02:03.004Z'), new Date('2024-01-31T01:02:03.004Z')],
  ['bytea', Uint8Array.of(0, 255), Uint8Array.of(0, 255)],
])('a value of %s goes in and comes out: %j', async (type, value, expected) => {
  for (let run = 0; run < 3; run += 1) {
    const { fields, rows } = await session.query(`select $1::${type} as value`, [value]);
    expect(rows).toEqual([{ value: expected }]);
    expect(fields.map(({ name }) => name)).toEqual(['value']);
  }
});

test('rows are arrays where that is asked for, with parsers of the caller', async () => {
  const options = { rowMode: 'array' as const, parsers: { 23: (text: string) => `<${text}>` } };
  expect((await session.query('select 1 as n, null::text as none', [], options)).rows).toEqual([['<1>', null]]);
});

test('a statement that is met again is parsed once', async () => {
  for (const n of [1, 2, 3, 4, 5]) await session.query('insert into t values ($1)', [n]);
  expect(parses).toBe(2);
  expect(await numbers()).toEqual([1, 2, 3, 4, 5]);
});

test('a kept statement whose columns have changed is parsed anew', async () => {
  await session.query('insert into t values (1)');
  for (let run = 0; run < 3; run += 1) await session.query('select * from t');
  await session.exec("alter table t add column more text default 'x'");
  expect((await session.query('select * from t')).rows).toEqual([{ n: 1, more: 'x' }]);
});

test('of very many statements some are forgotten, and all go on working', async () => {
  for (let run = 0; run < 2; run += 1) {
    for (let index = 0; index < 300; index += 1) {
      const { rows } = await session.query(`select ${index} as n, $1::integer as run`, [run]);
      expect(rows).toEqual([{ n: index, run }]);
    }
  }
  const kept = await engine.query<{ count: number }>('select count(*)::integer as count from pg_prepared_statements');
  expect(kept.rows[0]?.count).toBeLessThanOrEqual(251);
});

test('a statement that fails keeps the code and the constraint, and harms nobody after it', async () => {
  for (let run = 0; run < 3; run += 1) {
    await session.query('insert into t values ($1)', [run]);
    await expect(session.query('insert into t values ($1)', [run])).rejects.toMatchObject({
      code: '23505',
      constraint: 't_pkey',
    });
  }
  await expect(session.query('select no_such_column from t')).rejects.toMatchObject({ code: '42703' });
  expect(await numbers()).toEqual([0, 1, 2]);
});

test('between the beginning and the end of a transaction no statement of another comes in', async () => {
  let other: Promise<unknown> = Promise.resolve();
  await session.transaction(async (tx) => {
    await tx.query('insert into t values (1)');
    other = session.query('insert into t select count(*) + 10 from t');
    await tx.query('insert into t values (2)');
  });
  await other;
  expect(await numbers()).toEqual([1, 2, 12]);
});

test('work that fails leaves nothing, and a statement that failed in it is not hidden by going on', async () => {
  const failure = new Error('no');
  await expect(
    session.transaction(async (tx) => {
      await tx.query('insert into t values (1)');
      throw failure;
    }),
  ).rejects.toBe(failure);
  await expect(
    session.transaction(async (tx) => {
      await tx.query('insert into t values (2)');
      await tx.query('insert into t values (2)').catch(() => undefined);
    }),
  ).rejects.toMatchObject({ code: '25P02' });
  expect(await numbers()).toEqual([]);
});

test('a transaction whose work hangs is rolled back, and its late statements are refused', async () => {
  let proceed = (): void => undefined;
  let late: Promise<unknown> = Promise.resolve();
  const hanging = session.transaction(
    async (tx) => {
      await tx.query('insert into t values (1)');
      await new Promise<void>((resolve) => {
        proceed = resolve;
      });
      late = tx.query('insert into t values (2)');
      await late;
    },
    { idleMs: 1 },
  );
  await expect(hanging).rejects.toMatchObject({ code: '25P03' });
  proceed();
  expect(await numbers()).toEqual([]);
  await expect(late).rejects.toThrow(TypeError);
});

test('the plans of kept statements do not outlive the tables that they were made for', async () => {
  for (let run = 0; run < 450; run += 1) {
    await session.transaction((tx) => tx.query('insert into t values ($1)', [run]));
  }
  expect((await numbers()).length).toBe(450);
});

test('what is closed takes no more', async () => {
  await session.close();
  await expect(session.query('select 1')).rejects.toMatchObject({ code: 'database-stopped' });
});
