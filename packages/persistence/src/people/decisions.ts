import type { AuditQuery, AuditRecord, DecisionRequest, Page } from '@sendit/api';
import {
  type AcceptRefusal,
  type BatchStatus,
  type DecidedState,
  type DirectoryDecision,
  type DirectoryNote,
  statusesBefore,
  toDecisionReason,
} from '@sendit/model';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { acceptBatch } from './accept.ts';
import { acknowledgeBatch } from './acknowledge.ts';
import { appendAudit, listAudit } from './audit.ts';
import { describeBatch, findById, resolveBatch, toAmbiguous } from '../batches/batch-refs.ts';
import { findNewestAt } from '../batches/current-path.ts';
import type { Connection, Queries } from '../engine/connection.ts';
import { isDirectory, toNote } from '../batches/directories.ts';
import { amendBatch } from '../batches/late-arrivals.ts';
import { one, rowId } from '../schema/rows.ts';
import { queueAgain } from '../batches/retry.ts';
import { batches, directories, roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** A directory of a watch path, as whoever asks sees it. */
export interface DirectoryThere {
  readonly rootId: string;
  readonly relativePath: string;
  /** Whether it is on disk; of one that is gone, only what is remembered can be decided about. */
  readonly exists: boolean;
  /** As in `DirectoryNote`. */
  readonly identity: string | null;
}

/** Result of a decision; `note` is the directory's note if it is not sealed. */
export type DecideOutcome =
  | { readonly kind: 'decided'; readonly record: AuditRecord; readonly note: DirectoryNote | undefined }
  | { readonly kind: 'not-found' }
  /** The batch has a status from which this decision does not lead on. */
  | {
      readonly kind: 'refused';
      readonly batchId: string;
      readonly status: BatchStatus;
      /** Of an acceptance. */
      readonly why?: AcceptRefusal;
    }
  /** A directory that is not sealed can be neither accepted, acknowledged nor amended. */
  | { readonly kind: 'unsealed' };

/** Store of people's decisions. */
export interface DecisionStore {
  /**
   * Writes a decision and its audit record in one transaction: about the directory while it is not sealed, else about the batch. No
   * seal comes between.
   */
  decide(request: DecisionRequest, directory?: DirectoryThere): Promise<DecideOutcome>;
  audit(query: AuditQuery): Promise<Page<AuditRecord>>;
}

/** The decisions of a database. */
export function toDecisionStore(connection: Connection): DecisionStore {
  return {
    decide: (request, directory) => connection.transaction((tx) => decide(tx, request, directory)),
    audit: (query) => connection.run((db) => listAudit(db, query)),
  };
}

async function decide(
  tx: Queries,
  request: DecisionRequest,
  there: DirectoryThere | undefined,
): Promise<DecideOutcome> {
  if (there === undefined) {
    const found = await resolveBatch(tx, request.ref);
    return found === undefined ? { kind: 'not-found' } : decideBatch(tx, found.id, request);
  }
  const rootId = rowId(there.rootId);
  // Whoever seals under this root locks its row by the foreign key: it waits for this transaction, or this one for it.
  const [root] = await tx.select({ path: roots.path }).from(roots).where(eq(roots.id, rootId)).for('update');
  const path = toStoredText(there.relativePath);
  const newest = (await findNewestAt(tx, rootId, [path])).get(path);
  const byId = request.ref.startsWith('/') ? undefined : await findById(tx, request.ref);
  if (byId !== undefined && byId.id !== newest?.id) {
    const directory = `${root?.path === '/' ? '' : (root?.path ?? '')}/${there.relativePath}`;
    throw toAmbiguous(request.ref, [describeBatch(byId), `${directory}  (the directory there)`]);
  }
  const [known] = await tx.select().from(directories).where(isDirectory(rootId, there.relativePath));
  const isUnsealed = newest === undefined || newest.vanishedAt !== null;
  if (isUnsealed && (there.exists || known !== undefined)) {
    const { decision } = request;
    if (decision === 'accept' || decision === 'acknowledge' || decision === 'amend') return { kind: 'unsealed' };
    const asked = { ...request, decision };
    return decideDirectory(tx, asked, { there, known: known === undefined ? undefined : toNote(known) });
  }
  return newest === undefined ? { kind: 'not-found' } : decideBatch(tx, newest.id, request);
}

/** From which statuses each decision leads on, by the one table; `release` is for what was kept back: the rest is for `retry`. */
const BATCH_DECISIONS: Readonly<
  Record<DirectoryDecision, { readonly from: readonly BatchStatus[]; readonly to: BatchStatus }>
> = {
  release: {
    from: statusesBefore('NEW').filter((status) => status === 'HELD' || status === 'QUARANTINED'),
    to: 'NEW',
  },
  hold: { from: statusesBefore('HELD'), to: 'HELD' },
  quarantine: { from: statusesBefore('QUARANTINED'), to: 'QUARANTINED' },
};

async function decideBatch(tx: Queries, id: number, request: DecisionRequest): Promise<DecideOutcome> {
  const { by, decision, reason } = request;
  const batch = one(await tx.select().from(batches).where(eq(batches.id, id)).for('update'));
  const { relativePath, rootId, status } = batch;
  const refused = { kind: 'refused', batchId: String(id), status } as const;
  const about = { rootId, relativePath, batchId: id, by, decision, from: status, reason };
  if (decision === 'accept') {
    const outcome = await acceptBatch(tx, batch);
    if (outcome.kind === 'refused') return { ...refused, why: outcome.why };
    return { kind: 'decided', record: await appendAudit(tx, { ...about, to: outcome.to }), note: undefined };
  }
  if (decision === 'acknowledge') {
    if (!(await acknowledgeBatch(tx, id))) return refused;
    return { kind: 'decided', record: await appendAudit(tx, { ...about, to: status }), note: undefined };
  }
  if (decision === 'amend') {
    if (!(await amendBatch(tx, batch))) return refused;
    return { kind: 'decided', record: await appendAudit(tx, { ...about, to: status }), note: undefined };
  }
  const { from, to } = BATCH_DECISIONS[decision];
  if (!from.includes(status)) return refused;
  if (decision === 'release') await queueAgain(tx, [id]);
  else {
    // Its message stays: whoever has the job finds the batch kept back, deletes the message and writes nothing.
    await tx
      .update(batches)
      .set({ status: to, reason: toStoredText(toDecisionReason(decision, request)), finishedAt: sql`now()` })
      .where(and(eq(batches.id, id), inArray(batches.status, [...from])));
  }
  return { kind: 'decided', record: await appendAudit(tx, { ...about, to }), note: undefined };
}

const DIRECTORY_STATES: Readonly<Record<DirectoryDecision, DecidedState>> = {
  release: 'RELEASED',
  hold: 'HELD',
  quarantine: 'QUARANTINED',
};

async function decideDirectory(
  tx: Queries,
  { by, decision, reason }: DecisionRequest & { readonly decision: DirectoryDecision },
  { there, known }: { readonly there: DirectoryThere; readonly known: DirectoryNote | undefined },
): Promise<DecideOutcome> {
  const rootId = rowId(there.rootId);
  const relativePath = toStoredText(there.relativePath);
  const isForgotten = decision === 'release' && !there.exists;
  const to = isForgotten ? 'FORGOTTEN' : DIRECTORY_STATES[decision];
  const record = await appendAudit(tx, { rootId, relativePath, by, decision, from: toState(known), to, reason });
  if (isForgotten) {
    await tx.delete(directories).where(isDirectory(rootId, relativePath));
    return { kind: 'decided', record, note: undefined };
  }
  const decided = {
    decision,
    decidedBy: toStoredText(by),
    decidedBecause: toStoredText(reason),
    decidedAt: sql`now()`,
    ...(there.identity === null ? {} : { identity: there.identity }),
  };
  const rows = await tx
    .insert(directories)
    .values({ rootId, relativePath, ...decided })
    .onConflictDoUpdate({ target: [directories.rootId, directories.relativePath], set: decided })
    .returning();
  return { kind: 'decided', record, note: toNote(one(rows)) };
}

function toState(known: DirectoryNote | undefined): DecidedState {
  if (known === undefined) return 'WAITING';
  if (known.decision !== null) return DIRECTORY_STATES[known.decision.decision];
  return ({ waiting: 'WAITING', hold: 'HELD', quarantine: 'QUARANTINED' } as const)[known.outcome];
}
