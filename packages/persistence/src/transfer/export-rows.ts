import { sql } from 'drizzle-orm';
import type { Connection } from '../engine/connection.ts';
import { readMigrationStatus } from '../engine/migrate.ts';
import { readRows } from '../schema/rows.ts';
import { listTables } from './tables.ts';

/** Number of the format; a reader refuses any other. */
export const TRANSFER_FORMAT = 1;

const ROWS_AT_ONCE = 2_000;

/** How many rows of each table were moved. */
export type TransferCounts = Readonly<Record<string, number>>;

/** How a transfer reports. */
export interface TransferOptions {
  /** Called after each portion: the table, and its rows so far. */
  readonly onProgress?: ((table: string, rows: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gives all rows as lines of JSON, as they were at one moment: a head with the migrations, for each table a line that names its columns and
 * one line a row, and a last line with the counts. Values are the database's own text, so that no number loses digits.
 * Header values of patients are in it.
 */
export function exportRows(
  connection: Connection,
  write: (lines: string) => Promise<void>,
  { onProgress, signal }: TransferOptions = {},
): Promise<TransferCounts> {
  return connection.transaction(async (tx) => {
    await tx.execute(sql`set transaction isolation level repeatable read`);
    // The same text, whatever the server's settings are.
    await tx.execute(sql`set local timezone to 'UTC'`);
    await tx.execute(sql`set local bytea_output to 'hex'`);
    const { applied } = await readMigrationStatus({ ...connection, run: (work) => work(tx) });
    await write(`${JSON.stringify({ sendit: 'export', format: TRANSFER_FORMAT, migrations: applied })}\n`);
    const counts: Record<string, number> = {};
    for (const { columns, name } of await listTables(tx)) {
      await write(`${JSON.stringify({ table: name, columns })}\n`);
      let rows = 0;
      await tx.execute(sql`declare sendit_export no scroll cursor for
        select row_to_json(t)::text as "line" from ${sql.identifier('sendit')}.${sql.identifier(name)} t`);
      for (;;) {
        signal?.throwIfAborted();
        const portion = await readRows<{ line: string }>(tx, sql.raw(`fetch ${ROWS_AT_ONCE} from sendit_export`));
        if (portion.length === 0) break;
        rows += portion.length;
        await write(portion.map(({ line }) => `${line}\n`).join(''));
        onProgress?.(name, rows);
      }
      await tx.execute(sql`close sendit_export`);
      counts[name] = rows;
    }
    await write(`${JSON.stringify({ end: counts })}\n`);
    return counts;
  });
}
