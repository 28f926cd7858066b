import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EngineSession } from './embedded-session.ts';

/** Transactions before the first vacuum of a process, so that one that is restarted again and again comes to it, and between two. */
const FIRST = 500;
const EVERY = 5_000;

/** Counts transactions, and vacuums when it is time. */
export interface Vacuum {
  /** Call it before each transaction. @throws what the engine says. */
  beforeTransaction(): Promise<void>;
}

/**
 * The embedded engine runs in single-user mode, which has no autovacuum: dead rows of the outbox and the queue would only pile up. It goes
 * table by table: the engine holds up the event loop for as long as one statement takes, and other callers come in between two.
 */
export function openVacuum(pglite: Pick<EngineSession, 'query'>): Vacuum {
  let left = FIRST;
  return {
    beforeTransaction: async () => {
      left -= 1;
      if (left > 0) return;
      left = EVERY;
      const tables = await pglite.query<{ name: string }>(
        "select oid::regclass::text as name from pg_class where relkind = 'r' and relpersistence = 'p' order by 1",
      );
      for (const { name } of tables.rows) {
        await nextTurn();
        await pglite.query(`vacuum (analyze) ${name}`);
      }
    },
  };
}
