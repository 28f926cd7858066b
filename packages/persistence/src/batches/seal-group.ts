import type { SealOutcome, SealRequest } from '@sendit/model';
import { sql } from 'drizzle-orm';
import type { Connection, Queries } from '../engine/connection.ts';
import { createGroups, type Ended, mayTrySingly } from '../groups.ts';
import { readRows, rowId } from '../schema/rows.ts';
import { batches, directories, manifestParts, outbox } from '../schema/schema.ts';
import { toManifestParts } from '../schema/stored-manifest.ts';
import { toStoredText } from '../schema/stored-text.ts';
import { sealBatch, takeNote } from './seal.ts';

/** Directories that are sealed as one. */
const MOST = 64;
/** Bound on all of them: the statement holds their lists. */
const MOST_FILES = 5_000;

/**
 * Seals directories in groups: what is seen for the first time is recorded by one statement for all that wait. The rest, which the table of
 * {@link sealBatch} decides about, is sealed by itself. Rows are written in the order of their paths, whoever writes them.
 */
export function createSealing(connection: Connection): (request: SealRequest) => Promise<SealOutcome> {
  return createGroups<SealRequest, SealOutcome>({
    most: MOST,
    mostSize: MOST_FILES,
    sizeOf: ({ files }) => files,
    runGroup: async (requests) => {
      if (requests.some(({ files }) => files > MOST_FILES)) return [];
      return connection.transaction((tx) => sealGroup(tx, requests));
    },
    runSingle: (request) => connection.transaction((tx) => sealBatch(tx, request)),
    mayTrySingly,
  });
}

async function sealGroup(tx: Queries, requests: readonly SealRequest[]): Promise<readonly Ended<SealOutcome>[]> {
  const items = requests.map(toItem);
  const seen = new Set<string>();
  // Of two looks at one directory the second is held against the first.
  const fresh = items.filter(({ key }) => !seen.has(key) && seen.add(key));
  // The second runs after the insert, which waits for a decision that is just being written about one of the directories; they are sent together.
  const [inserted, remembered] = await Promise.all([insertFresh(tx, fresh), findNoted(tx, fresh)]);
  const sealed = new Map(inserted.map(({ at, id }) => [at, id]));
  const noted = new Set(remembered);
  const ended: Ended<SealOutcome>[] = [];
  for (const [at, request] of requests.entries()) {
    const id = sealed.get(at);
    const kept = id !== undefined && noted.has(at) ? await takeNote(tx, request, id) : undefined;
    if (id === undefined) ended.push({ kind: 'single' });
    else {
      const outcome = kept ?? ({ kind: 'sealed', batchId: String(id), generation: 1, isLate: false } as const);
      ended.push({ kind: 'done', outcome });
    }
  }
  return ended;
}

type Item = ReturnType<typeof toItem>;

function toItem(request: SealRequest, at: number) {
  const relativePath = toStoredText(request.relativePath);
  const isDirectory = (request.unit ?? 'directory') === 'directory';
  return {
    at,
    key: JSON.stringify([request.rootId, relativePath]),
    root_id: rowId(request.rootId),
    unit: request.unit ?? 'directory',
    relative_path: relativePath,
    path: toStoredText(request.path),
    name: toStoredText(request.name),
    grade: request.grade,
    files: request.files,
    bytes: request.bytes,
    manifest_digest: request.manifestDigest,
    signature: request.signature ?? null,
    is_found: request.isFound ?? false,
    identity: isDirectory ? (request.signature?.identity ?? null) : null,
    parts: [...toManifestParts(request.manifest)],
  };
}

/**
 * Records those of which nothing is recorded: neither under their path, nor, as the same directory with the same files, under another one.
 * Gives their places and rows.
 */
function insertFresh(
  tx: Queries,
  items: readonly Item[],
): Promise<readonly { readonly at: number; readonly id: number }[]> {
  return readRows(
    tx,
    sql`with item as materialized (
      select * from json_to_recordset(${JSON.stringify(items)}::json) as item(at integer, root_id bigint, unit text, relative_path text, path text,
        name text, grade text, files bigint, bytes bigint, manifest_digest text, signature jsonb, identity text, is_found boolean, parts json)
    ), fresh as materialized (
      select item.* from item
      where not exists (
        select from ${batches} as one where one.root_id = item.root_id and one.relative_path = item.relative_path
      ) and not exists (
        select from ${batches} as one where one.root_id = item.root_id and one.renamed_to = item.relative_path
      ) and (item.identity is null or not exists (
        select from ${batches} as one where one.root_id = item.root_id and one.manifest_digest = item.manifest_digest
          and one.unit = 'directory' and one.signature ->> 'identity' = item.identity
      ))
    ), sealed as (
      insert into ${batches} (root_id, unit, relative_path, generation, path, name, grade, files, bytes, manifest_digest, signature)
      select root_id, unit, relative_path, 1, path, name, grade, files, bytes, manifest_digest, signature
      from fresh order by root_id, relative_path collate "C"
      on conflict do nothing returning id, root_id, relative_path
    ), listed as (
      insert into ${manifestParts} (batch_id, part, entries)
      select sealed.id, part.place - 1, part.entries::jsonb
      from sealed join fresh using (root_id, relative_path),
        json_array_elements(fresh.parts) with ordinality as part(entries, place)
    ), sent as (
      insert into ${outbox} (batch_id, is_found)
      select sealed.id, fresh.is_found from sealed join fresh using (root_id, relative_path) order by sealed.id
    ) select fresh.at, sealed.id::integer as id from sealed join fresh using (root_id, relative_path)`,
  );
}

/** Places of those of which something is remembered. */
async function findNoted(tx: Queries, items: readonly Item[]): Promise<readonly number[]> {
  const keys = items.map(({ at, relative_path, root_id }) => ({ at, root_id, relative_path }));
  const rows = await readRows<{ readonly at: number }>(
    tx,
    sql`select item.at from json_to_recordset(${JSON.stringify(keys)}::json) as item(at integer, root_id bigint, relative_path text)
      join ${directories} using (root_id, relative_path)`,
  );
  return rows.map(({ at }) => at);
}
