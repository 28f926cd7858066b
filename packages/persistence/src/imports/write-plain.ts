import type { ImportedStudy } from '@sendit/model';
import { sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { one, readRows } from '../schema/rows.ts';
import { batches, findings, instances, series, studies } from '../schema/schema.ts';
import { isUid } from '../schema/stored-text.ts';
import { compareWords, type Words } from './entity-words.ts';
import { COLUMNS, TYPES } from './instance-rows.ts';
import type { PlainImport } from './plain-import.ts';

const STUDY_WORDS = {
  study_date: 'studyDate',
  study_time: 'studyTime',
  study_id: 'studyId',
  accession_number: 'accessionNumber',
  study_description: 'studyDescription',
  patient_id: 'patientId',
  patient_name: 'patientName',
  patient_birth_date: 'patientBirthDate',
  patient_sex: 'patientSex',
} as const;

const SERIES_WORDS = {
  modality: 'modality',
  series_number: 'seriesNumber',
  series_description: 'seriesDescription',
  body_part_examined: 'bodyPartExamined',
  protocol_name: 'protocolName',
  manufacturer: 'manufacturer',
} as const;

const STUDY_COLUMNS = sql.raw(Object.keys(STUDY_WORDS).join(', '));
const SERIES_COLUMNS = sql.raw(Object.keys(SERIES_WORDS).join(', '));
const STUDY_TYPES = sql.raw(
  Object.keys(STUDY_WORDS)
    .map((column) => `${column} text`)
    .join(', '),
);
const SERIES_TYPES = sql.raw(
  Object.keys(SERIES_WORDS)
    .map((column) => `${column} ${column === 'series_number' ? 'integer' : 'text'}`)
    .join(', '),
);

/** A study or series that was there before: its number in the statement, and what its row says. */
interface KnownEntity extends Words {
  readonly at: number;
}

interface WrittenRow {
  readonly instances: number;
  /** JSON of {@link KnownEntity}s, as text. */
  readonly studies: string | null;
  readonly series: string | null;
}

/**
 * Writes plain imports, whose batches and messages are locked, by one statement: studies, then series, then instances, each in the order of
 * their UIDs, findings, and that the batches are over. False where they were not plain after all: an instance of another batch was met, or a
 * study or series of which there is more to be said; what is written then must be undone.
 */
export async function writePlain(tx: Queries, items: readonly PlainImport[]): Promise<boolean> {
  const written = numberEntities(items);
  const json = (rows: readonly unknown[]): string => JSON.stringify(rows);
  const row = one(
    await readRows<WrittenRow>(
      tx,
      sql`with study_item as materialized (
        select * from json_to_recordset(${json(written.studies)}::json) as item(at integer, uid text, scope bigint, ${STUDY_TYPES})
      ), study as (
        insert into ${studies} (study_instance_uid, scope_batch_id, ${STUDY_COLUMNS})
        select uid, scope, ${STUDY_COLUMNS} from study_item order by uid collate "C", scope
        on conflict (study_instance_uid, scope_batch_id) do update set created_at = ${studies}.created_at
        returning *, xmax = 0 as is_new
      ), study_row as materialized (
        select item.at, study.* from study_item as item
        join study on study.study_instance_uid = item.uid and study.scope_batch_id is not distinct from item.scope
      ), series_item as materialized (
        select * from json_to_recordset(${json(written.series)}::json) as item(at integer, study integer, uid text, scope bigint, ${SERIES_TYPES})
      ), one_series as (
        insert into ${series} (study_id, series_instance_uid, scope_batch_id, ${SERIES_COLUMNS})
        select study_row.id, item.uid, item.scope, ${sql.raw(
          Object.keys(SERIES_WORDS)
            .map((column) => `item.${column}`)
            .join(', '),
        )}
        from series_item as item join study_row on study_row.at = item.study
        order by study_row.study_instance_uid collate "C", item.uid collate "C", item.scope
        on conflict (study_id, series_instance_uid, scope_batch_id) do update set created_at = ${series}.created_at
        returning *, xmax = 0 as is_new
      ), series_row as materialized (
        select item.at, one.* from series_item as item join study_row on study_row.at = item.study
        join one_series as one on one.study_id = study_row.id and one.series_instance_uid = item.uid and one.scope_batch_id is not distinct from item.scope
      ), instance as (
        insert into ${instances} (batch_id, series_id, ${COLUMNS})
        select item.batch_id, series_row.id, ${COLUMNS}
        from json_to_recordset(${json(written.instances)}::json) as item(batch_id bigint, ${TYPES})
        join series_row on series_row.at = item.series
        order by item.sop_instance_uid collate "C"
        on conflict do nothing returning 1
      ), found as (
        insert into ${findings} (batch_id, code, severity, path, message)
        select batch_id, code, severity, path, message
        from json_to_recordset(${json(written.findings)}::json) as item(batch_id bigint, code text, severity text, path text, message text)
      ), ended as (
        update ${batches} as one set status = item.status, reason = item.reason, files = item.files, bytes = item.bytes, digest = item.digest,
          digest_algorithm = item.digest_algorithm, listing_ms = item.listing_ms, reading_ms = item.reading_ms, hashing_ms = item.hashing_ms,
          studies = item.studies, series = item.series, instances = item.instances, findings = item.findings, finished_at = clock_timestamp()
        from json_to_recordset(${json(items.map(toEnd))}::json) as item(id bigint, status text, reason text, files bigint, bytes bigint, digest text,
          digest_algorithm text, listing_ms bigint, reading_ms bigint, hashing_ms bigint, studies integer, series integer, instances integer,
          findings integer)
        where one.id = item.id
      ) select (select count(*) from instance)::integer as instances,
        (select json_agg(known) from (select at, ${STUDY_COLUMNS} from study_row where not is_new) as known)::text as studies,
        (select json_agg(known) from (select at, ${SERIES_COLUMNS} from series_row where not is_new) as known)::text as series`,
    ),
  );
  return (
    row.instances === written.instances.length &&
    saySame(row.studies, written.studies, Object.keys(STUDY_WORDS)) &&
    saySame(row.series, written.series, Object.keys(SERIES_WORDS))
  );
}

type Numbered = Readonly<Record<string, string | number | null>>;

/** Each study and series once, with the number by which the others name it. */
function numberEntities(items: readonly PlainImport[]) {
  const studyAt = new Map<string, number>();
  const seriesAt = new Map<string, number>();
  const studyItems: Numbered[] = [];
  const seriesItems: Numbered[] = [];
  const instanceItems: object[] = [];
  for (const item of items) {
    const scopeOf = (uid: string): number | null => (isUid(uid) ? null : item.batchId);
    const keyOf = (key: string, ...uids: readonly string[]): string =>
      uids.every(isUid) ? key : `${item.batchId} ${key}`;
    const keys = new Map<string, string>();
    for (const study of item.studies) {
      const uid = study.studyInstanceUid;
      if (studyAt.has(keyOf(uid, uid))) continue;
      const at = studyItems.length;
      studyAt.set(keyOf(uid, uid), at);
      studyItems.push({ at, uid, scope: scopeOf(uid), ...toColumns(study, STUDY_WORDS) });
    }
    for (const one of item.series) {
      const { key, seriesInstanceUid: uid, studyInstanceUid: studyUid } = one;
      const known = keyOf(key, uid, studyUid);
      keys.set(key, known);
      if (seriesAt.has(known)) continue;
      const study = studyAt.get(keyOf(studyUid, studyUid));
      if (study === undefined) throw new TypeError('Expected the study of every series in the result');
      const at = seriesItems.length;
      seriesAt.set(known, at);
      seriesItems.push({ at, study, uid, scope: scopeOf(uid), ...toColumns(one, SERIES_WORDS) });
    }
    for (const instance of item.instances) {
      const at = seriesAt.get(keys.get(item.seriesKeys[instance.series] ?? '') ?? '');
      if (at === undefined) throw new TypeError('Expected every series of the result to be written');
      instanceItems.push({ ...instance, series: at, batch_id: item.batchId });
    }
  }
  const findingItems = items.flatMap((item) =>
    item.findings.map((finding) => ({ ...finding, batch_id: item.batchId })),
  );
  return { studies: studyItems, series: seriesItems, instances: instanceItems, findings: findingItems };
}

function toColumns(
  said: ImportedStudy | PlainImport['series'][number],
  words: Readonly<Record<string, string>>,
): Numbered {
  const values: Readonly<Record<string, unknown>> = { ...said };
  return Object.fromEntries(
    Object.entries(words).map(([column, word]) => [column, (values[word] ?? null) as string | number | null]),
  );
}

function toEnd({ batchId, counts, findings: found, reason, result, status }: PlainImport) {
  const { bytes, digest, digestAlgorithm, files, times } = result;
  return {
    id: batchId,
    status,
    reason,
    files,
    bytes,
    digest,
    digest_algorithm: digestAlgorithm,
    listing_ms: times.listingMs,
    reading_ms: times.readingMs,
    hashing_ms: times.hashingMs,
    ...counts,
    findings: found.length,
  };
}

/** Whether nothing is to be added to what rows say, and nothing in them differs. */
function saySame(known: string | null, said: readonly Numbered[], columns: readonly string[]): boolean {
  const rows = known === null ? [] : (JSON.parse(known) as readonly KnownEntity[]);
  return rows.every((row) => {
    const own = said[row.at];
    if (own === undefined) return false;
    const pick = (from: Words): Words => Object.fromEntries(columns.map((column) => [column, from[column] ?? null]));
    const { added, differing } = compareWords(pick(row), pick(own));
    return differing.length === 0 && Object.keys(added).length === 0;
  });
}
