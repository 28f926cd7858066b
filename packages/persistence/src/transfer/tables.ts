import { sql } from 'drizzle-orm';
import { readRows } from '../schema/rows.ts';
import type { Queries } from '../engine/connection.ts';

/** One table as a transfer names it. */
export interface TransferTable {
  readonly name: string;
  /** In their order in the table. */
  readonly columns: readonly string[];
}

/** Not transferred: processes' heartbeats, who is signed in, and the database's migrations. */
const OWN_TO_A_DATABASE = ['migrations', 'sessions', 'watcher_heartbeats'];

/** Every table whose rows move with an installation, a table after those that it refers to. */
export async function listTables(db: Queries): Promise<readonly TransferTable[]> {
  const rows = await readRows<{ name: string; columns: string; refers: string | null }>(
    db,
    sql`select c.relname::text as "name",
        (select string_agg(a.attname, ',' order by a.attnum) from pg_catalog.pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as "columns",
        (select string_agg(distinct f.relname, ',') from pg_catalog.pg_constraint k join pg_catalog.pg_class f on f.oid = k.confrelid
          where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as "refers"
      from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'sendit' and c.relkind = 'r' order by c.relname`,
  );
  const left = rows
    .filter(({ name }) => !OWN_TO_A_DATABASE.includes(name))
    .map(({ columns, name, refers }) => ({ name, columns: columns.split(','), refers: refers?.split(',') ?? [] }));
  const sorted: TransferTable[] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ refers }) => refers.every((name) => sorted.some((table) => table.name === name)));
    if (next === -1)
      throw new TypeError(`Expected an order of ${left.map(({ name }) => name).join(', ')}, got a circle`);
    sorted.push(...left.splice(next, 1).map(({ columns, name }) => ({ name, columns })));
  }
  return sorted;
}
