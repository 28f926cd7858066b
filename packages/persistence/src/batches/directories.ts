import type { DirectoryFinding, DirectoryNote, Root } from '@sendit/model';
import { and, asc, eq, isNotNull, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Connection, Queries } from '../engine/connection.ts';
import { toRoot } from './roots.ts';
import { one, rowId } from '../schema/rows.ts';
import { directories, roots } from '../schema/schema.ts';
import { toStoredText, toStoredTextOrNull } from '../schema/stored-text.ts';

/** A note with the root it belongs to. */
export interface NotedDirectory {
  readonly root: Root;
  readonly note: DirectoryNote;
}

/** Notes about directories that are not sealed; see {@link toDirectoryStore}. */
export type DirectoryStore = ReturnType<typeof toDirectoryStore>;

/** The directories of a database. */
export function toDirectoryStore(connection: Connection) {
  return {
    /** The notes of one root; `decided`: only those about which a person decided. */
    notes: (
      rootId: string,
      { decided = false }: { readonly decided?: boolean } = {},
    ): Promise<readonly DirectoryNote[]> =>
      connection.run(async (db) => {
        const ofRoot = eq(directories.rootId, rowId(rootId));
        const rows = await db
          .select()
          .from(directories)
          .where(decided ? and(ofRoot, isNotNull(directories.decision)) : ofRoot);
        return rows.map(toNote);
      }),
    /** Notes what the rules came to, beside what a person decided; `since` moves only when the outcome changes. */
    note: (rootId: string, finding: DirectoryFinding): Promise<DirectoryNote> =>
      connection.transaction((tx) => note(tx, rowId(rootId), finding)),
    /** It is gone, or nothing is to be remembered of it: what a person holds or has set aside stays so, a release does not. */
    forget: (rootId: string, relativePath: string): Promise<void> =>
      connection.transaction(async (tx) => {
        const key = isDirectory(rowId(rootId), relativePath);
        await tx.delete(directories).where(and(key, isNotKeptBack));
        await tx
          .update(directories)
          .set({
            outcome: 'waiting',
            reason: '',
            since: sql`now()`,
            arrival: 'found',
            renamedFiles: null,
            identity: null,
          })
          .where(key);
      }),
    /** Everything that is kept back or was decided about, of every root, longest first. Nobody looked whether it is still there. */
    list: (): Promise<readonly NotedDirectory[]> =>
      connection.run(async (db) => {
        const rows = await db
          .select({ directory: directories, root: roots })
          .from(directories)
          .innerJoin(roots, eq(roots.id, directories.rootId))
          .where(or(ne(directories.outcome, 'waiting'), isNotNull(directories.decision)))
          .orderBy(asc(sql`coalesce(${directories.decidedAt}, ${directories.since})`), asc(directories.relativePath));
        return rows.map(({ directory, root }) => ({ root: toRoot(root), note: toNote(directory) }));
      }),
  };
}

/** No person holds it or has set it aside. */
const isNotKeptBack = or(isNull(directories.decision), eq(directories.decision, 'release'));

/** The key of one directory. */
export function isDirectory(rootId: number, relativePath: string): SQL | undefined {
  return and(eq(directories.rootId, rootId), eq(directories.relativePath, toStoredText(relativePath)));
}

/** A row as the model tells it. */
export function toNote(row: typeof directories.$inferSelect): DirectoryNote {
  const { relativePath, outcome, reason, since, arrival, renamedFiles, identity, ...decided } = row;
  const { decision, decidedAt, decidedBecause, decidedBy } = decided;
  return {
    relativePath,
    outcome,
    reason,
    since: since.toISOString(),
    arrival,
    renamedFiles,
    identity,
    decision:
      decision === null
        ? null
        : { decision, by: decidedBy ?? '', reason: decidedBecause ?? '', at: (decidedAt ?? since).toISOString() },
  };
}

async function note(db: Queries, rootId: number, finding: DirectoryFinding): Promise<DirectoryNote> {
  const set = {
    outcome: finding.outcome,
    reason: toStoredText(finding.reason),
    arrival: finding.arrival,
    renamedFiles: finding.renamedFiles,
    identity: toStoredTextOrNull(finding.identity),
  };
  const since = sql`case when ${directories.outcome} = ${finding.outcome} then ${directories.since} else now() end`;
  const rows = await db
    .insert(directories)
    .values({ rootId, relativePath: toStoredText(finding.relativePath), ...set })
    .onConflictDoUpdate({ target: [directories.rootId, directories.relativePath], set: { ...set, since } })
    .returning();
  return toNote(one(rows));
}
