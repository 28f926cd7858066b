import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { batches } from '../schema/schema.ts';

type BatchRow = typeof batches.$inferSelect;

/** Where a directory lies: the path below a root that it was sealed under, or its new one since it was renamed. */
export function toCurrentPath({ relativePath, renamedTo }: Pick<BatchRow, 'relativePath' | 'renamedTo'>): string {
  return renamedTo ?? relativePath;
}

/** The same as an absolute path on the host that sealed it. */
export function toCurrentAbsolute(batch: Pick<BatchRow, 'path' | 'relativePath' | 'renamedTo'>): string {
  if (batch.renamedTo === null) return batch.path;
  return `${batch.path.slice(0, batch.path.length - batch.relativePath.length)}${batch.renamedTo}`;
}

/** The newest batch of each of these paths, given as stored: one whose directory was renamed away has vanished from its old one. */
export async function findNewestAt(
  db: Queries,
  rootId: number,
  paths: readonly string[],
): Promise<ReadonlyMap<string, BatchRow>> {
  return (await findAt(db, rootId, paths)).newest;
}

/**
 * The newest batch of a path, and the number of its next generation. The number is read first: a seal that commits in between has it, and
 * the unique constraint refuses the second.
 */
export async function findPlace(
  db: Queries,
  rootId: number,
  path: string,
): Promise<{ readonly newest: BatchRow | undefined; readonly nextGeneration: number }> {
  const { newest, sealed } = await findAt(db, rootId, [path]);
  return { newest: newest.get(path), nextGeneration: (sealed[0]?.generation ?? 0) + 1 };
}

async function findAt(
  db: Queries,
  rootId: number,
  paths: readonly string[],
): Promise<{ readonly newest: ReadonlyMap<string, BatchRow>; readonly sealed: readonly BatchRow[] }> {
  const sealed = await db
    .selectDistinctOn([batches.relativePath])
    .from(batches)
    .where(and(eq(batches.rootId, rootId), inArray(batches.relativePath, [...paths])))
    .orderBy(batches.relativePath, desc(batches.generation));
  const renamed = await db
    .selectDistinctOn([batches.renamedTo])
    .from(batches)
    .where(and(eq(batches.rootId, rootId), inArray(batches.renamedTo, [...paths])))
    .orderBy(batches.renamedTo, desc(batches.id));
  const newest = new Map<string, BatchRow>();
  for (const row of sealed) {
    const isAway = row.renamedTo !== null && row.vanishedAt === null;
    newest.set(row.relativePath, isAway ? { ...row, vanishedAt: row.createdAt } : row);
  }
  for (const row of renamed) if (row.renamedTo !== null) newest.set(row.renamedTo, row);
  return { newest, sealed };
}

/**
 * The batch of a directory that has another name now: the same directory by device, inode and birth time, with the same files; inodes alone
 * are used again.
 */
export async function findRenamed(
  db: Queries,
  {
    identity,
    manifestDigest,
    rootId,
  }: { readonly rootId: number; readonly manifestDigest: string; readonly identity: string },
): Promise<BatchRow | undefined> {
  const rows = await db
    .select()
    .from(batches)
    .where(and(eq(batches.rootId, rootId), eq(batches.manifestDigest, manifestDigest), eq(batches.unit, 'directory')))
    .orderBy(desc(batches.id));
  return rows.find(({ signature }) => signature?.identity === identity);
}
