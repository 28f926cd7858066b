import { SenditError } from '@sendit/model';
import { type SQL, sql } from 'drizzle-orm';
import type { Connection, Queries } from '../engine/connection.ts';
import { readMigrationStatus } from '../engine/migrate.ts';
import { readRows } from '../schema/rows.ts';
import { TRANSFER_FORMAT, type TransferCounts, type TransferOptions } from './export-rows.ts';
import { listTables, type TransferTable } from './tables.ts';

/** A portion is written when it has as many lines, or as many characters. */
const LINES_AT_ONCE = 1_000;
const CHARACTERS_AT_ONCE = 4_000_000;

/**
 * Imports the output of `exportRows`, in one transaction: all of it or nothing. The database must be empty, and have
 * the same migrations.
 * @throws SenditError `refused` when it is not empty; `bad-arguments` when the lines are not ours, of other migrations,
 * or truncated.
 */
export function importRows(
  connection: Connection,
  lines: AsyncIterable<string>,
  { onProgress, signal }: TransferOptions = {},
): Promise<TransferCounts> {
  return connection.transaction(async (tx) => {
    const tables = await listTables(tx);
    await expectEmpty(tx, tables);
    const { applied } = await readMigrationStatus({ ...connection, run: (work) => work(tx) });
    const counts: Record<string, number> = {};
    let current: TransferTable | undefined;
    let end: unknown;
    let portion: string[] = [];
    let characters = 0;
    let number = 0;
    const flush = async (): Promise<void> => {
      if (current !== undefined && portion.length > 0) {
        await tx.execute(toInsert(current, portion));
        counts[current.name] = (counts[current.name] ?? 0) + portion.length;
        onProgress?.(current.name, counts[current.name] ?? 0);
      }
      portion = [];
      characters = 0;
    };
    for await (const line of lines) {
      signal?.throwIfAborted();
      number += 1;
      if (end !== undefined) throw toForeign(`line ${number} comes after the end`);
      if (number === 1) {
        expectHead(line, applied);
        continue;
      }
      if (line.startsWith('{"table":')) {
        await flush();
        current = toTable(parse(line, number), tables, number);
        counts[current.name] = 0;
      } else if (line.startsWith('{"end":')) {
        await flush();
        ({ end } = parse(line, number) as { readonly end: unknown });
      } else {
        if (current === undefined) throw toForeign(`line ${number} is of no table`);
        portion.push(line);
        characters += line.length;
        if (portion.length >= LINES_AT_ONCE || characters >= CHARACTERS_AT_ONCE) await flush();
      }
    }
    if (end === undefined) throw toForeign('it ends before its last line: it was cut, or its export was interrupted');
    if (JSON.stringify(end) !== JSON.stringify(counts)) throw toForeign('it has other rows than its last line says');
    await advanceSequences(tx);
    // What was on its way to the queue of the old database is on its way to none.
    await tx.execute(sql`update sendit.outbox set due_at = now() where due_at is not null`);
    return counts;
  });
}

async function expectEmpty(tx: Queries, tables: readonly TransferTable[]): Promise<void> {
  for (const { name } of tables) {
    const rows = await readRows(tx, sql`select 1 from sendit.${sql.identifier(name)} limit 1`);
    if (rows.length === 0) continue;
    throw new SenditError(`Expected an empty database, got rows in ${name}.`, {
      code: 'refused',
      hint: 'Name a new database in DATABASE_URL: createdb --encoding=UTF8 --template=template0 NAME.',
    });
  }
}

function expectHead(line: string, applied: readonly string[]): void {
  const head = parse(line, 1) as {
    readonly sendit?: unknown;
    readonly format?: unknown;
    readonly migrations?: unknown;
  };
  if (head.sendit !== 'export' || head.format !== TRANSFER_FORMAT)
    throw toForeign('its first line is not that of an export');
  if (JSON.stringify(head.migrations) === JSON.stringify(applied)) return;
  throw new SenditError('Expected an export of a database with the same migrations as this one, got others.', {
    code: 'bad-arguments',
    hint: 'Export with this version of sendit: `sendit db migrate` on the old database, then `sendit db export`.',
  });
}

function toTable(parsed: unknown, tables: readonly TransferTable[], number: number): TransferTable {
  const { columns, table } = parsed as { readonly table?: unknown; readonly columns?: unknown };
  const known = tables.find(({ name }) => name === table);
  if (known !== undefined && JSON.stringify(known.columns) === JSON.stringify(columns)) return known;
  throw toForeign(`line ${number} names a table that this database does not have`);
}

/** The database reads the values: they never become numbers of this language. */
function toInsert({ columns, name }: TransferTable, lines: readonly string[]): SQL {
  const table = sql`sendit.${sql.identifier(name)}`;
  const list = sql.join(
    columns.map((column) => sql.identifier(column)),
    sql`, `,
  );
  return sql`insert into ${table} (${list}) overriding system value
    select ${list} from json_populate_recordset(null::${table}, ${`[${lines.join(',')}]`}::json)`;
}

async function advanceSequences(tx: Queries): Promise<void> {
  await tx.execute(sql`do $$ declare one record; begin
    for one in select c.relname, a.attname from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attidentity <> ''
        where n.nspname = 'sendit' loop
      execute pg_catalog.format('select pg_catalog.setval(pg_catalog.pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) from sendit.%I',
        'sendit.' || one.relname, one.attname, one.attname, one.relname);
    end loop; end $$`);
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw toForeign(`line ${number} is no JSON`);
  }
}

function toForeign(why: string): SenditError {
  return new SenditError(`Expected the lines of \`sendit db export\`, got something else: ${why}.`, {
    code: 'bad-arguments',
    hint: 'Nothing was written. Export again, and give the whole file.',
  });
}
