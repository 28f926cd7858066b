import type { AuditQuery, AuditRecord, Page } from '@sendit/api';
import { and, asc, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { rowId, toRowId } from '../schema/rows.ts';
import { audit, type batches, roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';
import { readPage } from '../views/keyset.ts';

/** A root may be `/` itself; what is about the watch path has no path below it. */
const absolutePath = sql<string>`case when ${audit.relativePath} = '' then ${roots.path} else rtrim(${roots.path}, '/') || '/' || ${audit.relativePath} end`;

/** Lists people's decisions, newest first. */
export async function listAudit(db: Queries, query: AuditQuery): Promise<Page<AuditRecord>> {
  const { batch, by, decision, ref, root, since, until } = query;
  const which = and(
    ref === undefined ? undefined : isAbout(ref),
    batch === undefined ? undefined : eq(audit.batchId, rowId(batch)),
    root === undefined ? undefined : eq(roots.name, toStoredText(root)),
    by === undefined ? undefined : eq(audit.by, toStoredText(by)),
    decision === undefined ? undefined : inArray(audit.decision, [...decision]),
    since === undefined ? undefined : gte(audit.at, new Date(since)),
    until === undefined ? undefined : lt(audit.at, new Date(until)),
  );
  return await readPage<Parameters<typeof toRecord>[0], AuditRecord>(query, {
    name: 'audit',
    keys: [{ column: audit.id, order: 'desc', type: 'bigint' }],
    keyOf: ({ record }) => [record.id],
    select: async ({ where, orderBy, limit }) =>
      await select(db)
        .where(and(which, where))
        .orderBy(...orderBy)
        .limit(limit),
    count: async () => await db.$count(select(db).where(which).as('found')),
    toItem: toRecord,
  });
}

/** Lists the decisions about one batch, oldest first. */
export async function listBatchAudit(db: Queries, batchId: number): Promise<readonly AuditRecord[]> {
  return (await select(db).where(eq(audit.batchId, batchId)).orderBy(asc(audit.id))).map(toRecord);
}

/** Writes one record, within the caller's transaction. */
export async function appendAudit(
  tx: Queries,
  record: Omit<typeof audit.$inferInsert, 'id' | 'at'>,
): Promise<AuditRecord> {
  const { by, reason, relativePath } = record;
  const stored = { by: toStoredText(by), reason: toStoredText(reason), relativePath: toStoredText(relativePath) };
  const [row] = await tx
    .insert(audit)
    .values({ ...record, ...stored })
    .returning({ id: audit.id });
  if (row === undefined) throw new TypeError('Expected the id of the row that was written');
  const [written] = await select(tx).where(eq(audit.id, row.id));
  if (written === undefined) throw new TypeError('Expected the row that was written');
  return toRecord(written);
}

/** Writes that batches were queued again, and why they had to be: what they were, with the reason that is theirs no more. */
export async function appendRetries(
  tx: Queries,
  rows: readonly Pick<typeof batches.$inferSelect, 'id' | 'rootId' | 'relativePath' | 'status' | 'reason'>[],
  by: string | undefined,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.insert(audit).values(
    rows.map(({ id, rootId, relativePath, status, reason }) => ({
      rootId,
      relativePath,
      batchId: id,
      by: toStoredText(by ?? 'unknown'),
      decision: 'retry' as const,
      from: status,
      to: 'NEW' as const,
      reason: reason ?? '',
    })),
  );
}

function select(db: Queries) {
  return db
    .select({ record: audit, root: roots.name, path: absolutePath })
    .from(audit)
    .innerJoin(roots, eq(roots.id, audit.rootId))
    .$dynamic();
}

/** By batch id, by absolute path or by path below a root, whatever became of it. */
function isAbout(ref: string): SQL | undefined {
  const stored = toStoredText(ref);
  const id = toRowId(ref.replace(/^id:/, ''));
  return or(
    id === undefined ? undefined : eq(audit.batchId, id),
    eq(audit.relativePath, stored),
    eq(absolutePath, stored),
  );
}

function toRecord({
  record,
  root,
  path,
}: {
  readonly record: typeof audit.$inferSelect;
  readonly root: string;
  readonly path: string;
}): AuditRecord {
  const { id, at, batchId, by, decision, from, reason, to } = record;
  return {
    id: String(id),
    at: at.toISOString(),
    by,
    decision,
    from,
    to,
    reason,
    batchId: batchId === null ? null : String(batchId),
    root,
    path,
  };
}
