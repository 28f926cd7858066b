import { sql } from 'drizzle-orm';
import { readRows, one } from '../schema/rows.ts';
import type { Connection } from './connection.ts';

/** Description of a database for its administrator. */
export interface DatabaseDescription {
  /** `16.4`. */
  readonly version: string;
  readonly encoding: string;
  /** A replica, or a server or role whose transactions are read-only. */
  readonly isReadOnly: boolean;
  /** The server's time of day, ms since the epoch. */
  readonly nowMs: number;
}

/** Asks the database what it is; reads no table. */
export function describeDatabase(connection: Connection): Promise<DatabaseDescription> {
  return connection.run(async (db) =>
    one(
      await readRows<DatabaseDescription>(
        db,
        sql`select pg_catalog.current_setting('server_version') as "version",
          pg_catalog.getdatabaseencoding()::text as "encoding",
          (pg_catalog.pg_is_in_recovery() or pg_catalog.current_setting('transaction_read_only')::boolean) as "isReadOnly",
          (extract(epoch from pg_catalog.clock_timestamp()) * 1000)::double precision as "nowMs"`,
      ),
    ),
  );
}
