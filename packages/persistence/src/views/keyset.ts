import type { Page, Paging } from '@sendit/api';
import { SenditError } from '@sendit/model';
import { and, asc, desc, or, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/** A column that a list is sorted by; never null. */
export interface Key {
  readonly column: AnyPgColumn | SQL;
  readonly order: 'asc' | 'desc';
  readonly type: 'bigint' | 'text' | 'timestamptz';
}

type KeyValue = string | number;

/** How {@link readPage} reads a list. */
export interface Listing<Row, Item> {
  /** Names the list and its order: a cursor of another one is refused. */
  readonly name: string;
  /** Together they tell every row from every other. */
  readonly keys: readonly Key[];
  readonly select: (part: { where: SQL | undefined; orderBy: SQL[]; limit: number }) => Promise<readonly Row[]>;
  /** Values of the keys, in their order. */
  readonly keyOf: (row: Row) => readonly KeyValue[];
  readonly count: () => Promise<number>;
  readonly toItem: (row: Row) => Item;
}

const DEFAULT_LIMIT = 50;

interface Cursor {
  readonly isBack: boolean;
  readonly values: readonly KeyValue[];
}

/**
 * Reads one page of a list by the keys of its neighbours (keyset pagination): as fast at its end as at its beginning, and what comes or goes
 * meanwhile moves no row to another page.
 * @throws SenditError `bad-arguments` for a cursor that is not of this list
 */
export async function readPage<Row, Item>(paging: Paging, listing: Listing<Row, Item>): Promise<Page<Item>> {
  const { keys, keyOf, name, toItem } = listing;
  const { limit = DEFAULT_LIMIT } = paging;
  const cursor = paging.cursor === undefined ? undefined : parseCursor(paging.cursor, listing);
  const isBack = cursor?.isBack ?? false;
  const directed = isBack ? keys.map(flip) : keys;
  const where = cursor === undefined ? undefined : isAfter(directed, cursor.values);
  const orderBy = directed.map(({ column, order }) => (order === 'asc' ? asc(column) : desc(column)));
  const found = await listing.select({ where, orderBy, limit: limit + 1 });
  const isMore = found.length > limit;
  const part = found.slice(0, limit);
  const rows = isBack ? part.toReversed() : part;
  const [first, last] = [rows[0], rows.at(-1)];
  const to = (row: Row | undefined, back: boolean): string | null =>
    row === undefined ? null : toCursor(name, { isBack: back, values: keyOf(row) });
  return {
    count: await listing.count(),
    next: isBack || isMore ? to(last, false) : null,
    previous: (isBack ? isMore : cursor !== undefined) ? to(first, true) : null,
    results: rows.map(toItem),
  };
}

function flip(key: Key): Key {
  return { ...key, order: key.order === 'asc' ? 'desc' : 'asc' };
}

/** In SQL: a row comes after one with these values. */
function isAfter(keys: readonly Key[], values: readonly KeyValue[]): SQL | undefined {
  const given = keys.map(({ type }, index) => sql`${values[index]}::${sql.raw(type)}`);
  if (new Set(keys.map(({ order }) => order)).size === 1) {
    const columns = keys.map(({ column }) => sql`${column}`);
    const isLater = sql.raw(keys[0]?.order === 'asc' ? '>' : '<');
    return sql`(${sql.join(columns, sql`, `)}) ${isLater} (${sql.join(given, sql`, `)})`;
  }
  return or(
    ...keys.map(({ column, order }, index) =>
      and(
        ...keys.slice(0, index).map((before, at) => sql`${before.column} = ${given[at]}`),
        sql`${column} ${sql.raw(order === 'asc' ? '>' : '<')} ${given[index]}`,
      ),
    ),
  );
}

function toCursor(name: string, { isBack, values }: Cursor): string {
  return Buffer.from(JSON.stringify([name, isBack ? 1 : 0, ...values])).toString('base64url');
}

function parseCursor(text: string, { keys, name }: Pick<Listing<unknown, unknown>, 'keys' | 'name'>): Cursor {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed[0] === name && parsed.length === keys.length + 2) {
      const values: readonly unknown[] = parsed.slice(2);
      if (values.every((value, index) => isValue(value, keys[index]))) {
        return { isBack: parsed[1] === 1, values: values as readonly KeyValue[] };
      }
    }
  } catch {
    // It is none of ours.
  }
  throw new SenditError('Expected `cursor` to be `next` or `previous` of another page of this list, in this order.', {
    code: 'bad-arguments',
    hint: 'Leave it out to begin with the first page.',
  });
}

function isValue(value: unknown, key: Key | undefined): boolean {
  if (key?.type === 'bigint') return Number.isSafeInteger(value);
  if (key?.type === 'timestamptz') return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  return typeof value === 'string';
}
