import type { ActionPlan, FindingPolicy, Root } from '@sendit/model';
import { asc, eq } from 'drizzle-orm';
import type { Connection, Queries } from '../engine/connection.ts';
import { one, rowId } from '../schema/rows.ts';
import { roots } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** Watch paths as the database knows them. */
export interface RootStore {
  /** Records a root under its name, with the path of the last host that did; idempotent. */
  upsert(root: { readonly name: string; readonly path: string }): Promise<Root>;
  /** Notes what follows the imports of a root; null for nothing. */
  planActions(rootId: string, plan: ActionPlan | null): Promise<void>;
  /** Notes how the findings of a root's imports are judged, from the next one on. */
  judgeFindings(rootId: string, policy: FindingPolicy): Promise<void>;
  /** Notes which names a root ignores beside the known ones, so that an import does not count them as late. */
  ignoreNames(rootId: string, globs: readonly string[]): Promise<void>;
  list(): Promise<readonly Root[]>;
}

/** The roots of a database. */
export function toRootStore(connection: Connection): RootStore {
  return {
    upsert: (root) =>
      connection.transaction(async (tx) => {
        const name = toStoredText(root.name);
        const path = toStoredText(root.path);
        const rows = await tx
          .insert(roots)
          .values({ name, path })
          .onConflictDoUpdate({ target: roots.name, set: { path } })
          .returning();
        return toRoot(one(rows));
      }),
    planActions: (rootId, plan) =>
      connection.transaction(async (tx) => {
        await tx
          .update(roots)
          .set({ actionPlan: plan })
          .where(eq(roots.id, rowId(rootId)));
      }),
    judgeFindings: (rootId, findingPolicy) =>
      connection.transaction(async (tx) => {
        await tx
          .update(roots)
          .set({ findingPolicy })
          .where(eq(roots.id, rowId(rootId)));
      }),
    ignoreNames: (rootId, globs) =>
      connection.transaction(async (tx) => {
        await tx
          .update(roots)
          .set({ ignoredNames: globs.map(toStoredText) })
          .where(eq(roots.id, rowId(rootId)));
      }),
    list: () => connection.run(async (db) => (await db.select().from(roots).orderBy(asc(roots.name))).map(toRoot)),
  };
}

/** Reads a watch path's import policy within the caller's transaction; the default if none is stored. */
export async function readImportPolicy(
  tx: Queries,
  rootId: number,
): Promise<{ readonly findingPolicy: FindingPolicy; readonly ignore: readonly string[] }> {
  const [root] = await tx
    .select({ policy: roots.findingPolicy, globs: roots.ignoredNames })
    .from(roots)
    .where(eq(roots.id, rootId));
  return { findingPolicy: root?.policy ?? {}, ignore: root?.globs ?? [] };
}

/** A row as the model tells it. */
export function toRoot(row: { readonly id: number; readonly name: string; readonly path: string }): Root {
  return { id: String(row.id), name: row.name, path: row.path };
}
