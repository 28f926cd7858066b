import { type FindingRecord, judgeFinding, toFinding } from '@sendit/model';
import { and, eq, inArray, like, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { readImportPolicy } from '../batches/roots.ts';
import { readRows } from '../schema/rows.ts';
import { audit, batches, findings, instances } from '../schema/schema.ts';

/** A batch's truncated files whose instances another batch has whole. */
export interface ReplacedFiles {
  readonly batchId: number;
  readonly total: number;
  /** One of them. */
  readonly path: string;
}

/** Who is on record: nobody has decided this. */
const BY = 'sendit';

const CODE = 'replaced-by-whole';

/**
 * Records at earlier batches that their cut files count no more: a finding and an audit record, in the order of the batches. They stay what
 * they are, and nothing of theirs is done again.
 */
export async function tellReplaced(tx: Queries, by: number, replaced: readonly ReplacedFiles[]): Promise<void> {
  const totals = new Map<number, ReplacedFiles>();
  for (const one of replaced) {
    totals.set(one.batchId, { ...one, total: one.total + (totals.get(one.batchId)?.total ?? 0) });
  }
  const ids = [...totals.keys()].toSorted((a, b) => a - b);
  if (ids.length === 0) return;
  const { id, rootId, relativePath, status } = batches;
  const rows = await tx
    .select({ id, rootId, relativePath, status })
    .from(batches)
    .where(inArray(id, ids))
    .orderBy(id)
    .for('no key update');
  for (const { id: batchId, status: state, ...place } of rows) {
    const files = totals.get(batchId);
    if (files === undefined) continue;
    const { path, total } = files;
    const message = `${total === 1 ? 'One file' : `${total} files`} of the batch, cut short, came whole${toSource(by)}`;
    const finding: FindingRecord = toFinding(CODE, total === 1 ? path : null, message);
    const judged = judgeFinding(finding, (await readImportPolicy(tx, place.rootId)).findingPolicy);
    if (judged !== undefined) await tx.insert(findings).values({ ...judged, batchId });
    const record = { by: BY, decision: 'replace', from: state, to: state, reason: message } as const;
    await tx.insert(audit).values({ ...place, ...record, batchId });
  }
  await countFindings(tx, ids);
}

const toSource = (batchId: number): string => ` in batch ${batchId}, which counts now.`;

/**
 * Gives back what a batch, whose rows are deleted by this, was the first of: a whole duplicate counts then, else a cut file that it
 * had replaced; of equals the oldest.
 */
export async function takeBack(tx: Queries, batchId: number): Promise<void> {
  const back = await readRows<{ readonly id: number }>(
    tx,
    sql`with gone as (
      delete from ${instances} where batch_id = ${batchId} returning sop_instance_uid, standing
    ), heir as (
      select sop_instance_uid, batch_id, standing,
        row_number() over (
          partition by sop_instance_uid order by is_whole is not distinct from false, standing = 'replaced', batch_id
        ) as place
      from (
        select later.* from gone join ${instances} as later on later.sop_instance_uid = gone.sop_instance_uid
        where gone.standing = 'first' and later.standing = 'duplicate'
        union all
        select cut.* from gone join ${instances} as cut on cut.sop_instance_uid = gone.sop_instance_uid
        where gone.standing = 'first' and cut.is_whole = false and cut.standing = 'replaced'
      ) as other where batch_id <> ${batchId}
    ), given as (
      update ${instances} as one set standing = case when heir.place = 1 then 'first' else 'duplicate' end from heir
      where one.sop_instance_uid = heir.sop_instance_uid and one.batch_id = heir.batch_id
        and (heir.place = 1 or heir.standing = 'replaced')
      returning heir.batch_id, heir.standing
    ) select distinct batch_id::integer as id from given where standing = 'replaced'`,
  );
  const ids = back.map(({ id }) => id).toSorted((a, b) => a - b);
  if (ids.length === 0) return;
  const told = and(eq(findings.code, CODE), like(findings.message, `%${toSource(batchId)}`));
  await tx.delete(findings).where(and(inArray(findings.batchId, ids), told));
  await countFindings(tx, ids);
}

async function countFindings(tx: Queries, ids: readonly number[]): Promise<void> {
  const counted = sql`(select count(*) from ${findings} where ${findings.batchId} = ${batches.id})`;
  await tx
    .update(batches)
    .set({ findings: counted })
    .where(inArray(batches.id, [...ids]));
}
