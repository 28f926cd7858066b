import type { Heartbeat } from '@sendit/model';
import { and, asc, eq, lt, sql } from 'drizzle-orm';
import type { Connection } from './engine/connection.ts';
import { watcherHeartbeats } from './schema/schema.ts';
import { toStoredText } from './schema/stored-text.ts';

/** A heartbeat with its age by the database's clock. */
export type AgedHeartbeat = Heartbeat & { readonly ageMs: number };

/** Signs of life of daemons. A daemon that died keeps its last one, forgotten after a week: judge by the age. */
export interface HeartbeatStore {
  beat(heartbeat: Heartbeat): Promise<void>;
  /** Youngest first. */
  list(): Promise<readonly AgedHeartbeat[]>;
  remove(heartbeat: Pick<Heartbeat, 'host' | 'pid' | 'role'>): Promise<void>;
}

/** Old heartbeats are deleted with the first of a process, and then twice an hour. */
const BEATS_BETWEEN_SWEEPS = 1_000;

/** The heartbeats of a database. */
export function toHeartbeatStore(connection: Connection): HeartbeatStore {
  let beats = 0;
  return {
    beat: (heartbeat) =>
      connection.run(async (db) => {
        const beat = toStoredJson(heartbeat);
        await db
          .insert(watcherHeartbeats)
          .values({ host: toKey(beat), pid: beat.pid, beat })
          .onConflictDoUpdate({
            target: [watcherHeartbeats.host, watcherHeartbeats.pid],
            set: { beat, beatAt: sql`now()` },
          });
        // Containers have a new host name each time: without this the table would only grow.
        beats += 1;
        if (beats % BEATS_BETWEEN_SWEEPS === 1)
          await db.delete(watcherHeartbeats).where(lt(watcherHeartbeats.beatAt, sql`now() - interval '7 days'`));
      }),
    list: () =>
      connection.run(async (db) => {
        const ageMs = sql`greatest(0, extract(epoch from now() - ${watcherHeartbeats.beatAt}) * 1000)`.mapWith(Number);
        const rows = await db
          .select({ beat: watcherHeartbeats.beat, ageMs })
          .from(watcherHeartbeats)
          .orderBy(asc(ageMs));
        return rows.map((row) => ({ ...row.beat, ageMs: Math.round(row.ageMs) }));
      }),
    remove: (beat) =>
      connection.run(async (db) => {
        await db
          .delete(watcherHeartbeats)
          .where(and(eq(watcherHeartbeats.host, toStoredText(toKey(beat))), eq(watcherHeartbeats.pid, beat.pid)));
      }),
  };
}

/** A watcher and a worker of one process have a row each; no host name has a space. */
function toKey({ host, role }: Pick<Heartbeat, 'host' | 'role'>): string {
  return role === undefined ? host : `${host} ${role}`;
}

function toStoredJson<T>(value: T): T {
  const cleaned: unknown = JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? toStoredText(part) : part)),
  );
  return cleaned as T;
}
