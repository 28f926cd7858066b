import type { AcceptMountRequest, AuditRecord } from '@sendit/api';
import type { MountIdentity } from '@sendit/model';
import { eq, or, sql } from 'drizzle-orm';
import { appendAudit } from '../people/audit.ts';
import type { Connection, Queries } from '../engine/connection.ts';
import { rowId } from '../schema/rows.ts';
import { roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** Result of accepting a mount; `unchanged`: no mount other than the stored one has been seen. */
export type AcceptMountOutcome =
  | { readonly kind: 'accepted'; readonly record: AuditRecord }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unchanged'; readonly root: string };

/** Stored mounts of the watch paths. */
export interface MountStore {
  /** The expected mount of a watch path; null before the first look. */
  expected(rootId: string): Promise<MountIdentity | null>;
  /** Sets the expected mount. Idempotent. */
  remember(rootId: string, mount: MountIdentity): Promise<void>;
  /** Records another mount in its place, or null once it is right again. Idempotent. */
  noteOther(rootId: string, mount: MountIdentity | null): Promise<void>;
  /** Makes the mount that is there instead the expected one, with an audit record in the same transaction. */
  accept(request: AcceptMountRequest): Promise<AcceptMountOutcome>;
}

/** The mounts of a database. */
export function toMountStore(connection: Connection): MountStore {
  return {
    expected: (rootId) =>
      connection.run(async (db) => {
        const [root] = await db
          .select({ mount: roots.mount })
          .from(roots)
          .where(eq(roots.id, rowId(rootId)));
        return root?.mount ?? null;
      }),
    remember: (rootId, mount) =>
      connection.transaction(async (tx) => {
        await tx
          .update(roots)
          .set({ mount, otherMount: null })
          .where(eq(roots.id, rowId(rootId)));
      }),
    noteOther: (rootId, otherMount) =>
      connection.transaction(async (tx) => {
        await tx
          .update(roots)
          .set({ otherMount })
          .where(eq(roots.id, rowId(rootId)));
      }),
    accept: (request) => connection.transaction((tx) => accept(tx, request)),
  };
}

async function accept(tx: Queries, { by, reason, ref }: AcceptMountRequest): Promise<AcceptMountOutcome> {
  const stored = toStoredText(ref);
  const found = await tx
    .select()
    .from(roots)
    .where(or(eq(roots.name, stored), eq(sql`rtrim(${roots.path}, '/')`, stored.replace(/\/+$/, ''))))
    .for('update');
  const root = found.find(({ name }) => name === stored) ?? found[0];
  if (root === undefined) return { kind: 'not-found' };
  if (root.otherMount === null) return { kind: 'unchanged', root: root.name };
  await tx.update(roots).set({ mount: root.otherMount, otherMount: null }).where(eq(roots.id, root.id));
  const record = await appendAudit(tx, {
    rootId: root.id,
    relativePath: '',
    by,
    decision: 'accept-mount',
    from: 'OTHER-MOUNT',
    to: 'ACCEPTED',
    reason,
  });
  return { kind: 'accepted', record };
}
