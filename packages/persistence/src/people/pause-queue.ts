import type { PauseRequest, QueuePause } from '@sendit/api';
import { SenditError } from '@sendit/model';
import { eq, sql } from 'drizzle-orm';
import type { Connection, Queries } from '../engine/connection.ts';
import { audit, keptStates, roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** The pause of the import queue: kept over restarts, until a person ends it. */
export interface QueuePauseStore {
  /** Null while imports run. */
  read(): Promise<QueuePause | null>;
  /** @throws SenditError `refused` when it is paused already. */
  pause(request: PauseRequest): Promise<QueuePause>;
  /** @throws SenditError `refused` when it is not paused. */
  resume(request: PauseRequest): Promise<void>;
}

const KEY = 'queue';

/** The pause as a database keeps it; each change is one transaction with its audit records, one for each watch path. */
export function toQueuePauseStore(connection: Connection): QueuePauseStore {
  return {
    read: () => connection.run((db) => read(db)),
    pause: ({ by, reason }) =>
      connection.transaction(async (tx) => {
        await lock(tx);
        const before = await read(tx);
        if (before !== null) throw toRefusal(`Expected a running import queue, ${before.by} has paused it already.`);
        const paused = { by: toStoredText(by), reason: toStoredText(reason), at: new Date().toISOString() };
        await write(tx, paused);
        await appendAudit(tx, { ...paused, decision: 'pause' });
        return paused;
      }),
    resume: ({ by, reason }) =>
      connection.transaction(async (tx) => {
        await lock(tx);
        if ((await read(tx)) === null) throw toRefusal('Expected a paused import queue, it is running.');
        await write(tx, null);
        await appendAudit(tx, { by: toStoredText(by), reason: toStoredText(reason), decision: 'resume' });
      }),
  };
}

function toRefusal(message: string): SenditError {
  return new SenditError(message, {
    code: 'refused',
    hint: '`sendit watcher status` says whether it is paused.',
  });
}

/** Of two who do it at once one comes first. */
async function lock(tx: Queries): Promise<void> {
  const value = sql`'null'::jsonb`;
  await tx.insert(keptStates).values({ key: KEY, value }).onConflictDoNothing();
  await tx.select({ key: keptStates.key }).from(keptStates).where(eq(keptStates.key, KEY)).for('update');
}

async function read(db: Queries): Promise<QueuePause | null> {
  const [row] = await db.select({ value: keptStates.value }).from(keptStates).where(eq(keptStates.key, KEY));
  return (row?.value as QueuePause | null | undefined) ?? null;
}

async function write(tx: Queries, paused: QueuePause | null): Promise<void> {
  const value = sql`${JSON.stringify(paused)}::jsonb`;
  await tx.update(keptStates).set({ value, changedAt: sql`now()` }).where(eq(keptStates.key, KEY));
}

async function appendAudit(tx: Queries, said: PauseRequest & { readonly decision: 'pause' | 'resume' }): Promise<void> {
  const { by, decision, reason } = said;
  const [from, to] = decision === 'pause' ? (['RUNNING', 'PAUSED'] as const) : (['PAUSED', 'RUNNING'] as const);
  const known = await tx.select({ id: roots.id }).from(roots);
  if (known.length === 0) return;
  await tx
    .insert(audit)
    .values(known.map(({ id }) => ({ rootId: id, relativePath: '', by, decision, from, to, reason })));
}
