import type { CommitOutcome, ImportResult } from '@sendit/model';
import { sql } from 'drizzle-orm';
import { planActionsOf, planEvent, toPlannedSteps } from '../actions/plan-actions.ts';
import type { Connection, Queries } from '../engine/connection.ts';
import { createGroups, type Ended, mayTrySingly } from '../groups.ts';
import { readRows } from '../schema/rows.ts';
import { batches, instances, outbox, roots, stagedInstances } from '../schema/schema.ts';
import { commitImport } from './commit-import.ts';
import { type PlainImport, toPlainImports } from './plain-import.ts';
import { writePlain } from './write-plain.ts';

/** Imports that are committed as one. */
const MOST = 64;
/** Instances of all of them. */
const MOST_INSTANCES = 2_000;

/**
 * Commits small imports in groups. A group holds plain ones alone: of batches that are imported for the first time, of instances that no other
 * batch has, of studies and series of which others said the same. They are locked in the one order of all imports: batches, the table of
 * instances, studies, series, instances. What turns out not to be plain undoes the group, and each is committed by itself.
 */
export function createCommits(connection: Connection): (result: ImportResult) => Promise<CommitOutcome> {
  return createGroups<ImportResult, CommitOutcome>({
    most: MOST,
    mostSize: MOST_INSTANCES,
    sizeOf: (result) => result.instances.length,
    runGroup: (results) => commitGroup(connection, results),
    runSingle: (result) => connection.transaction((tx) => commitImport(tx, result)),
    mayTrySingly: (error) => error instanceof NotPlain || mayTrySingly(error),
  });
}

/** An import has met another one's rows. */
class NotPlain extends Error {}

async function commitGroup(
  connection: Connection,
  results: readonly ImportResult[],
): Promise<readonly Ended<CommitOutcome>[]> {
  const plain = toPlainImports(results, MOST_INSTANCES);
  if (plain.length === 0) return [];
  const committed = await connection.transaction(async (tx) => {
    const held = await takeMessages(tx, plain);
    const taken = plain.filter(({ batchId }) => held.has(batchId));
    if (taken.length === 0) return taken;
    // One statement, which locks the tables that it writes to before it touches a row of them.
    if (!(await writePlain(tx, taken))) throw new NotPlain();
    await planActionsOf(
      tx,
      taken.flatMap(({ batchId, result, status }) => {
        const row = held.get(batchId);
        if (row === undefined || status === 'EMPTY') return [];
        const planned =
          status === 'DONE'
            ? [...toPlannedSteps(result.steps), ...(row.plan?.onDone ?? [])]
            : (row.plan?.onFailed ?? []);
        return { batchId, rootId: row.rootId, planned };
      }),
    );
    for (const { batchId, status } of taken) {
      if (status !== 'DONE' && status !== 'EMPTY') await planEvent(tx, batchId, 'onError');
    }
    return taken;
  });
  const outcomes = new Map(committed.map((one) => [one.at, toOutcome(one)]));
  return results.map((_result, at) => {
    const outcome = outcomes.get(at);
    return outcome === undefined ? { kind: 'single' } : { kind: 'done', outcome };
  });
}

function toOutcome({ counts, findings, status }: PlainImport): CommitOutcome {
  return { kind: 'committed', status, ...counts, findings: findings.length, quarantined: 0 };
}

interface HeldBatch {
  readonly rootId: number;
  readonly plan: Partial<
    Record<'onDone' | 'onFailed', readonly { readonly name: string; readonly kind: string }[]>
  > | null;
}

/**
 * Locks the batches, in the order of their ids, and deletes their messages: of those whose run is the last, which are imported for the first
 * time and have no generation before. One that another run has done, or whose first instance another batch has, is not among them.
 */
async function takeMessages(tx: Queries, items: readonly PlainImport[]): Promise<ReadonlyMap<number, HeldBatch>> {
  const asked = items.map(({ attempt, batchId, instances: own, outboxId }) => ({
    batch_id: batchId,
    outbox_id: outboxId,
    attempt,
    uid: own[0]?.sop_instance_uid ?? null,
  }));
  const rows = await readRows<{ readonly id: number; readonly rootId: number; readonly plan: string | null }>(
    tx,
    sql`with item as materialized (
      select * from json_to_recordset(${JSON.stringify(asked)}::json) as item(batch_id bigint, outbox_id uuid, attempt integer, uid text)
    ), held as materialized (
      select one.id, one.root_id, item.outbox_id from ${batches} as one join item on item.batch_id = one.id
      where one.attempts = item.attempt and one.attempts = 1 and one.status = 'PROCESSING' and one.generation = 1
        and not exists (select from ${instances} as other where other.sop_instance_uid = item.uid and other.standing = 'first')
        and not exists (select from ${instances} as own where own.batch_id = one.id)
        and not exists (select from ${stagedInstances} as kept where kept.batch_id = one.id)
      order by one.id for update of one
    ), message as (
      delete from ${outbox} as one using held where one.id = held.outbox_id and one.batch_id = held.id returning one.batch_id
    ) select held.id::integer as id, held.root_id::integer as "rootId", root.action_plan::text as plan
    from held join message on message.batch_id = held.id join ${roots} as root on root.id = held.root_id`,
  );
  return new Map(
    rows.map(({ id, plan, rootId }) => [
      id,
      { rootId, plan: plan === null ? null : (JSON.parse(plan) as HeldBatch['plan']) },
    ]),
  );
}
