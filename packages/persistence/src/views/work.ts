import type { RootArrivals, WorkView } from '@sendit/api';
import { sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { readRows } from '../schema/rows.ts';
import { batches, outbox, roots } from '../schema/schema.ts';

/** Minutes of {@link RootArrivals}. */
const MINUTES = 60;
/** Of the last hour no more batches are counted than these: a list of a million must not be read for it. */
const MOST_COUNTED = 20_000;

/** The oldest import that is not done, and what came to each watch path in the last hour. */
export async function readWork(db: Queries): Promise<WorkView> {
  const [oldest] = await readRows<{ at: string | null }>(
    db,
    sql`select ${toIso(sql`min(${batches.createdAt})`)} as "at" from ${outbox} join ${batches} on ${batches.id} = ${outbox.batchId}
      where ${outbox.kind} = 'import-dicomdir'`,
  );
  const last = await readRows<{ root: string; at: string | null }>(
    db,
    sql`select r.name as "root", (select ${toIso(sql`b.created_at`)} from ${batches} b where b.root_id = r.id order by b.id desc limit 1) as "at"
      from ${roots} r order by r.name`,
  );
  const counted = await readRows<{ root: string; ago: number; number: number }>(
    db,
    sql`select r.name as "root", floor(extract(epoch from now() - b.created_at) / 60)::int as "ago", count(*)::int as "number"
      from (select root_id, created_at from ${batches} order by id desc limit ${MOST_COUNTED}::int) b join ${roots} r on r.id = b.root_id
      where b.created_at > now() - interval '1 hour' group by 1, 2`,
  );
  return {
    oldestAt: oldest?.at ?? null,
    arrivals: last.map(({ at, root }): RootArrivals => {
      const minutes = Array.from({ length: MINUTES }, () => 0);
      for (const one of counted) {
        const place = MINUTES - 1 - Math.max(0, one.ago);
        if (one.root === root && place >= 0) minutes[place] = one.number;
      }
      return { root, lastAt: at, minutes };
    }),
  };
}

function toIso(time: ReturnType<typeof sql>) {
  return sql`to_char(${time} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
