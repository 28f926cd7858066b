import type { PGlite } from '@electric-sql/pglite';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** What the stores write queries with: a database or a transaction, of either engine. */
export type Queries = PgDatabase<PgQueryResultHKT>;

/**
 * One engine, opened. Every rejection is a SenditError without parameters or header values in it; work that needs several
 * statements to be one truth goes through `transaction` and may be run again after a rejection.
 */
export interface Connection extends AsyncDisposable {
  readonly kind: 'embedded' | 'postgres';
  readonly pglite: PGlite | undefined;
  /** Runs one statement, or several that do not depend on each other. */
  run<T>(work: (db: Queries) => Promise<T>): Promise<T>;
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  ping(): Promise<void>;
}
