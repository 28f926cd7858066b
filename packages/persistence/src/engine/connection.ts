import type { Place } from '@sendit/files';
import type { EmbeddedSession } from './embedded-session.ts';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** Query builder of the stores: a database or a transaction, of either engine. */
export type Queries = PgDatabase<PgQueryResultHKT>;

/**
 * One engine, opened. Every rejection is a SenditError without parameters or header values in it; work that needs several
 * statements to be one truth goes through `transaction` and may be run again after a rejection.
 */
export interface Connection extends AsyncDisposable {
  readonly kind: 'embedded' | 'postgres';
  readonly pglite: EmbeddedSession | undefined;
  /** Places on disk that this depends on; empty for a server. */
  readonly places: readonly Place[];
  /**
   * Runs one statement, or several that do not depend on each other. A crash may undo the last writes of the embedded engine, together with
   * all that came after them: for what is said or found out again.
   */
  run<T>(work: (db: Queries) => Promise<T>): Promise<T>;
  /** When it has written something, that is on disk when it resolves, and everything before it too. */
  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  ping(): Promise<void>;
}
