import type { ActionRetry } from '@sendit/api';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { resolveBatch } from '../batches/batch-refs.ts';
import type { Queries } from '../engine/connection.ts';
import { actions, roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** The SQL condition of a query for actions. */
export async function toActionCondition(db: Queries, { batch, root, state }: ActionRetry): Promise<SQL | undefined> {
  const found = batch === undefined ? undefined : await resolveBatch(db, batch);
  return and(
    batch === undefined ? undefined : found === undefined ? sql`false` : eq(actions.batchId, found.id),
    root === undefined ? undefined : eq(roots.name, toStoredText(root)),
    state === undefined ? undefined : eq(actions.state, state),
  );
}
