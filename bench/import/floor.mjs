// The floor: the same files listed and their headers read, the same rows written by the fewest statements that a hand can write, in groups of
// directories, one wait for the disk for each transaction. Nothing is watched, judged, queued, fenced or checked against other batches.
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { openInlineHeaders } from '@sendit/importer';
import { openDatabase } from '@sendit/persistence';

const load = createRequire(new URL('../../packages/queue/package.json', import.meta.url));
const { Redis } = load('ioredis');
const pg = load('pg');
const never = new AbortController().signal;
/** Directories in one transaction. */
const GROUP = 32;
const HASH = { scope: 'header', algorithm: 'xxh128' };

/** Milliseconds from the first listing to the last commit, with the directories' number of files. */
export async function runFloor({ directory, sources, env }) {
  const url = env.DATABASE_URL;
  const database = await openDatabase(
    url === undefined ? { kind: 'embedded', directory: join(directory, 'database') } : { kind: 'postgres', url },
  );
  const root = await database.roots.upsert({ name: 'data', path: directory });
  const db = url === undefined ? toEmbedded(database.pglite) : await toServer(url);
  const redis = env.REDIS_URL === undefined ? undefined : new Redis(env.REDIS_URL);
  const readers = openInlineHeaders();
  try {
    const start = performance.now();
    let files = 0;
    for (let first = 0; first < sources.length; first += GROUP) {
      const sealed = sources.slice(first, first + GROUP).map((source) => list(source, root.id));
      const ids = await db.transaction((query) => query(SEAL, sealed));
      await redis?.rpush('floor', ...ids.map(({ id }) => String(id)));
      const read = [];
      for (const [index, batch] of sealed.entries()) read.push(await readBatch(batch, ids[index].id, readers));
      await db.transaction((query) => query(IMPORT, read));
      await redis?.lpop('floor', ids.length);
      files += sealed.reduce((sum, batch) => sum + batch.files, 0);
    }
    return { files, ms: Math.round(performance.now() - start) };
  } finally {
    redis?.disconnect();
    await db.end();
    await database[Symbol.asyncDispose]();
    await readers[Symbol.asyncDispose]();
  }
}

function list(path, rootId) {
  const entries = readdirSync(path).map((name) => {
    const { size, mtimeNs, ino, birthtimeNs } = statSync(join(path, name), { bigint: true });
    return [name, Number(size), String(mtimeNs), String(ino), null, String(birthtimeNs)];
  });
  const bytes = entries.reduce((sum, [, size]) => sum + size, 0);
  return { root_id: Number(rootId), path, name: basename(path), files: entries.length, bytes, entries };
}

async function readBatch({ path, entries }, id, readers) {
  const batch = { id, study: '', series: [], instances: [] };
  const paths = entries.map(([name]) => name);
  for await (const records of readers.readHeaders({ directory: path, paths, hash: HASH }, never)) {
    for (const record of records) {
      const { attributes } = record.header;
      batch.study = attributes.StudyInstanceUID;
      const uid = attributes.SeriesInstanceUID;
      if (!batch.series.includes(uid)) batch.series.push(uid);
      batch.instances.push({
        series: uid,
        uid: attributes.SOPInstanceUID,
        path: record.path,
        bytes: record.bytes,
        digest: record.digest,
      });
    }
  }
  return batch;
}

const SEAL = `with item as materialized (
    select * from json_to_recordset($1::text::json) as item(root_id bigint, path text, name text, files bigint, bytes bigint, entries jsonb)
  ), sealed as (
    insert into sendit.batches (root_id, relative_path, generation, path, name, grade, files, bytes, manifest_digest)
    select root_id, name, 1, path, name, 'renamed', files, bytes, '' from item returning id, name
  ), listed as (
    insert into sendit.manifest_parts (batch_id, part, entries) select id, 0, entries from sealed join item using (name)
  ), sent as (
    insert into sendit.outbox (batch_id) select id from sealed
  ) select id::integer from sealed order by id`;

const IMPORT = `with item as materialized (
    select * from json_to_recordset($1::text::json) as item(id bigint, study text, series json, instances json)
  ), had as (
    delete from sendit.outbox using item where batch_id = item.id
  ), study as (
    insert into sendit.studies (study_instance_uid) select study from item returning id, study_instance_uid
  ), series as (
    insert into sendit.series (study_id, series_instance_uid)
    select study.id, one.uid from item join study on study_instance_uid = item.study, json_array_elements_text(series) as one(uid)
    returning id, series_instance_uid
  ), instance as (
    insert into sendit.instances (batch_id, sop_instance_uid, series_id, path, bytes, digest)
    select item.id, one.uid, series.id, one.path, one.bytes, one.digest from item,
      json_to_recordset(instances) as one(series text, uid text, path text, bytes bigint, digest text)
      join series on series_instance_uid = one.series
  ), ended as (
    update sendit.batches set status = 'DONE', instances = json_array_length(item.instances), finished_at = now()
    from item where batches.id = item.id
  ) select 1`;

function toEmbedded(pglite) {
  return {
    transaction: (work) =>
      pglite.transaction(async (tx) => {
        await tx.exec('set local synchronous_commit to on');
        return work(async (text, rows) => (await tx.query(text, [JSON.stringify(rows)])).rows);
      }),
    end: async () => undefined,
  };
}

/** One statement is one transaction there. */
async function toServer(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const query = async (text, rows) =>
    (await client.query({ name: text.length.toString(), text, values: [JSON.stringify(rows)] })).rows;
  return { transaction: (work) => work(query), end: () => client.end() };
}
