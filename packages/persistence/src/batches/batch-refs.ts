import { type BatchStatus, SenditError, UNIT_KINDS } from '@sendit/model';
import { and, desc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { toRowId } from '../schema/rows.ts';
import { batches, instances, series, studies } from '../schema/schema.ts';
import { toStoredText } from '../schema/stored-text.ts';

/** A batch that a reference names. */
export interface FoundBatch {
  readonly id: number;
  readonly status: BatchStatus;
  readonly path: string;
  readonly name: string;
}

const COLUMNS = { id: batches.id, status: batches.status, path: batches.path, name: batches.name };

/** More are not listed in a message. */
const MOST = 10;

/**
 * Finds the one batch that a reference names: `id:17` or an absolute path name one and no other; else an id, the name of a directory, the key of a
 * unit, or the UID of a study or series (of each directory the newest generation).
 * @throws SenditError `bad-arguments` where it names several, which are listed.
 */
export async function resolveBatch(db: Queries, ref: string): Promise<FoundBatch | undefined> {
  const given = /^id:(\d+)$/.exec(ref)?.[1];
  if (given !== undefined) return await findById(db, given);
  const text = toStoredText(ref).replace(/(?<=.)\/+$/, '');
  if (text.startsWith('/')) return await findByPath(db, text);
  // Units have keys for names; of those their UID will do.
  const names = [text, ...UNIT_KINDS.map((unit) => `${unit}/${text}`)];
  const byId = await findById(db, ref);
  const byName = await findNewest(db, or(inArray(batches.name, names), inArray(batches.renamedTo, names)));
  const found = [...(byId === undefined ? [] : [byId]), ...byName.filter(({ id }) => id !== byId?.id)];
  const all = found.length > 0 ? found : await findByUid(db, text);
  if (all.length > 1) throw toAmbiguous(ref, all.map(describeBatch));
  return all[0];
}

/** Ids of batches with images of a study or series. */
export function batchesOfUid(db: Queries, uid: string) {
  const text = toStoredText(uid);
  return db
    .selectDistinct({ id: instances.batchId })
    .from(instances)
    .innerJoin(series, eq(series.id, instances.seriesId))
    .innerJoin(studies, eq(studies.id, series.studyId))
    .where(
      and(
        // What an import has not committed yet is nobody's to see.
        isNull(studies.scopeBatchId),
        isNull(series.scopeBatchId),
        or(eq(studies.studyInstanceUid, text), eq(series.seriesInstanceUid, text)),
      ),
    );
}

/** The batch with this id; undefined for what is no id. */
export async function findById(db: Queries, text: string): Promise<FoundBatch | undefined> {
  const id = toRowId(text);
  if (id === undefined) return undefined;
  const [found] = await db.select(COLUMNS).from(batches).where(eq(batches.id, id));
  return found;
}

/** The error for an ambiguous reference; lists an unambiguous name for each match. */
export function toAmbiguous(ref: string, found: readonly string[]): SenditError {
  const listed = found.slice(0, MOST);
  const isMore = found.length > MOST;
  return new SenditError(`Expected one batch, ${ref} names ${isMore ? `more than ${MOST}` : found.length}.`, {
    code: 'bad-arguments',
    hint: 'Say which: `id:17` is always an id, a path with a slash always a directory.',
    problems: [...listed, ...(isMore ? ['…'] : [])],
  });
}

/** `id:17  /data/L1  DONE`. */
export function describeBatch({ id, path, name, status }: FoundBatch): string {
  return `id:${id}  ${path.endsWith(`/${name}`) ? path : `${name} in ${path}`}  ${status}`;
}

async function findByPath(db: Queries, path: string): Promise<FoundBatch | undefined> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const [newest] = await db
    .select(COLUMNS)
    .from(batches)
    .where(
      or(
        and(eq(batches.name, name), eq(batches.path, path)),
        and(
          eq(batches.renamedTo, name),
          sql`left(${batches.path}, length(${batches.path}) - length(${batches.relativePath})) || ${batches.renamedTo} = ${path}`,
        ),
      ),
    )
    .orderBy(desc(batches.id))
    .limit(1);
  return newest;
}

async function findByUid(db: Queries, text: string): Promise<readonly FoundBatch[]> {
  if (!/^[0-9]+(?:\.[0-9]+)+$/.test(text)) return [];
  return await findNewest(db, inArray(batches.id, batchesOfUid(db, text)));
}

/** Finds the newest generation of each directory. */
async function findNewest(db: Queries, which: SQL | undefined): Promise<readonly FoundBatch[]> {
  return await db
    .selectDistinctOn([batches.rootId, batches.relativePath], COLUMNS)
    .from(batches)
    .where(which)
    .orderBy(batches.rootId, batches.relativePath, desc(batches.generation))
    .limit(MOST + 1);
}
