import type { ActionSummary } from '@sendit/api';
import { asc, desc, eq, type SQL } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { actions, batches, roots } from '../schema/schema.ts';

/** Actions with the name of their root: newest batch first, in their order within it. */
export async function selectActions(
  db: Queries,
  condition: SQL | undefined,
  limit: number,
): Promise<readonly ActionSummary[]> {
  const rows = await db
    .select({ action: actions, root: roots.name })
    .from(actions)
    .innerJoin(batches, eq(batches.id, actions.batchId))
    .innerJoin(roots, eq(roots.id, batches.rootId))
    .where(condition)
    .orderBy(desc(actions.batchId), asc(actions.position))
    .limit(limit);
  return rows.map(({ action, root }) => toActionSummary(action, root));
}

/** An action as people and programs see it. */
export function toActionSummary(action: typeof actions.$inferSelect, root: string): ActionSummary {
  const { attempts, batchId, code, id, kind, name, position, progress, reason, state } = action;
  const times = {
    startedAt: action.startedAt?.toISOString() ?? null,
    finishedAt: action.finishedAt?.toISOString() ?? null,
  };
  return {
    id,
    batchId: String(batchId),
    root,
    position,
    name,
    kind,
    state,
    attempts,
    reason,
    code,
    progress,
    ...times,
  };
}
