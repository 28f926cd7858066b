import type { BatchEvent, PlannedAction } from '@sendit/model';
import { and, eq, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { actions, batches, outbox, roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** The steps of the worker that ends an import, as actions. */
export function toPlannedSteps(names: readonly string[] = []): readonly PlannedAction[] {
  return names.map((name) => ({ name, kind: 'step' }));
}

/**
 * Writes the actions that follow the end of an import, each with its message, within the transaction of that end: the steps first. Only the
 * first message is due; each of the others becomes due in the transaction that marks the one before it as done.
 */
export async function planActions(
  tx: Queries,
  batchId: number,
  end: 'onDone' | 'onFailed',
  steps: readonly PlannedAction[] = [],
): Promise<void> {
  const [root] = await tx
    .select({ id: roots.id, plan: roots.actionPlan })
    .from(batches)
    .innerJoin(roots, eq(roots.id, batches.rootId))
    .where(eq(batches.id, batchId));
  const planned = [...steps, ...(root?.plan?.[end] ?? [])];
  if (root === undefined || planned.length === 0) return;
  const rows = await tx
    .insert(actions)
    .values(planned.map(({ name, kind }, at) => ({ batchId, position: at + 1, name: toStoredText(name), kind })))
    .returning({ id: actions.id, kind: actions.kind, position: actions.position });
  await tx.insert(outbox).values(
    rows.map(({ id, kind, position }) => ({
      kind: kind === 'step' ? ('step' as const) : ('hand-on' as const),
      batchId,
      actionId: id,
      rootId: root.id,
      dueAt: position === 1 ? sql`now()` : null,
    })),
  );
}

/** Places up to this one are those of an import's end; the actions of events come after them. */
const LAST_OF_IMPORT = 1_000;

/** Whether an action follows an event: no other waits for it, and no retry of the import drops it. */
export function isOfEvent({ position }: { readonly position: number }): boolean {
  return position > LAST_OF_IMPORT;
}

/** Writes the actions of an event, within its transaction, which has locked the batch; all are due at once. */
export async function planEvent(tx: Queries, batchId: number, event: BatchEvent): Promise<void> {
  const [root] = await tx
    .select({ id: roots.id, plan: roots.actionPlan })
    .from(batches)
    .innerJoin(roots, eq(roots.id, batches.rootId))
    .where(eq(batches.id, batchId));
  const planned = root?.plan?.[event] ?? [];
  if (root === undefined || planned.length === 0) return;
  const [last] = await tx
    .select({ position: sql<number>`greatest(max(${actions.position}), ${LAST_OF_IMPORT})`.mapWith(Number) })
    .from(actions)
    .where(eq(actions.batchId, batchId));
  const after = last?.position ?? LAST_OF_IMPORT;
  const rows = await tx
    .insert(actions)
    .values(
      planned.map(({ name, kind }, at) => ({ batchId, position: after + at + 1, name: toStoredText(name), kind })),
    )
    .returning({ id: actions.id });
  await tx
    .insert(outbox)
    .values(
      rows.map(({ id }) => ({ kind: 'hand-on' as const, batchId, actionId: id, rootId: root.id, dueAt: sql`now()` })),
    );
}

/** Actions after one import. */
export interface PlannedActions {
  readonly batchId: number;
  readonly rootId: number;
  readonly planned: readonly { readonly name: string; readonly kind: string }[];
}

/** The same as {@link planActions} for several imports that end together, whose plans are known. */
export async function planActionsOf(tx: Queries, ends: readonly PlannedActions[]): Promise<void> {
  const items = ends.flatMap(({ batchId, planned, rootId }) =>
    planned.map(({ kind, name }, at) => ({
      batch_id: batchId,
      root_id: rootId,
      position: at + 1,
      name: toStoredText(name),
      kind,
    })),
  );
  if (items.length === 0) return;
  await tx.execute(sql`with item as materialized (
      select * from json_to_recordset(${JSON.stringify(items)}::json) as item(batch_id bigint, root_id bigint, position integer, name text, kind text)
    ), planned as (
      insert into ${actions} (batch_id, position, name, kind) select batch_id, position, name, kind from item order by batch_id, position
      returning id, batch_id, position, kind
    ) insert into ${outbox} (kind, batch_id, action_id, root_id, due_at)
    select case planned.kind when 'step' then 'step' else 'hand-on' end, planned.batch_id, planned.id, item.root_id, case when planned.position = 1 then now() end
    from planned join item using (batch_id, position)`);
}

/**
 * Before batches are imported again: what their last end had planned is not wanted any more. Messages go with their actions. Of an event
 * everybody is told all the same.
 */
export async function dropActions(tx: Queries, batchIds: readonly number[]): Promise<void> {
  await tx.delete(actions).where(and(inArray(actions.batchId, [...batchIds]), lte(actions.position, LAST_OF_IMPORT)));
}

/** Whether the files of a batch are on their way elsewhere; at the end of its move it counts as vanished. */
export async function isMoving(
  tx: Queries,
  { id, vanishedAt }: Pick<typeof batches.$inferSelect, 'id' | 'vanishedAt'>,
): Promise<boolean> {
  if (vanishedAt !== null) return false;
  const rows = await tx
    .select({ id: actions.id })
    .from(actions)
    .where(
      and(
        eq(actions.batchId, id),
        eq(actions.kind, 'move'),
        isNotNull(actions.startedAt),
        inArray(actions.state, ['pending', 'running']),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** In SQL: whether an action of this batch runs now. */
export function hasRunningAction(tx: Queries) {
  return sql`exists (${tx
    .select({ one: sql`1` })
    .from(actions)
    .where(and(eq(actions.batchId, batches.id), eq(actions.state, 'running')))})`;
}
