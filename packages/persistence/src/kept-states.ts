import { and, eq, sql } from 'drizzle-orm';
import type { Connection } from './engine/connection.ts';
import { keptStates } from './schema/schema.ts';

/** Keys of {@link KeptStateStore}. */
export type StateKey = 'alerts' | 'disks';

/** Small states of a whole installation, each by its key. */
export interface KeptStateStore {
  /** Undefined where nothing was kept. */
  read(key: StateKey): Promise<unknown>;
  /** Takes the key for a while, or for longer; gives what is kept (null at first), or undefined while another one has it. */
  lease(key: StateKey, holder: string, leaseMs: number): Promise<{ readonly value: unknown } | undefined>;
  /** Keeps a value; where a holder is named only while that one has the key. False when it has not. */
  keep(key: StateKey, value: unknown, holder?: string): Promise<boolean>;
  /** Leaves the key to others at once. */
  release(key: StateKey, holder: string): Promise<void>;
}

/** The kept states of a database. Leases run by its clock. */
export function toKeptStateStore(connection: Connection): KeptStateStore {
  return {
    read: (key) =>
      connection.run(async (db) => {
        const [row] = await db.select({ value: keptStates.value }).from(keptStates).where(eq(keptStates.key, key));
        return row?.value;
      }),
    lease: (key, holder, leaseMs) =>
      connection.run(async (db) => {
        const heldUntil = sql`now() + ${leaseMs}::int * interval '1 millisecond'`;
        const [row] = await db
          .insert(keptStates)
          .values({ key, value: sql`'null'::jsonb`, holder, heldUntil })
          .onConflictDoUpdate({
            target: keptStates.key,
            set: { holder, heldUntil },
            setWhere: sql`${keptStates.holder} is null or ${keptStates.holder} = ${holder} or ${keptStates.heldUntil} <= now()`,
          })
          .returning({ value: keptStates.value });
        return row;
      }),
    keep: (key, value, holder) =>
      connection.transaction(async (tx) => {
        const text = JSON.stringify(value);
        const set = { value: sql`${text}::jsonb`, changedAt: sql`now()` };
        if (holder === undefined) {
          await tx
            .insert(keptStates)
            .values({ key, ...set })
            .onConflictDoUpdate({ target: keptStates.key, set });
          return true;
        }
        const rows = await tx
          .update(keptStates)
          .set(set)
          .where(and(eq(keptStates.key, key), eq(keptStates.holder, holder)))
          .returning({ key: keptStates.key });
        return rows.length > 0;
      }),
    release: (key, holder) =>
      connection.run(async (db) => {
        await db
          .update(keptStates)
          .set({ holder: null, heldUntil: null })
          .where(and(eq(keptStates.key, key), eq(keptStates.holder, holder)));
      }),
  };
}
