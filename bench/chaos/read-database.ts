import type { Sql } from './database.ts';

/** The database's content as plain rows: no view, count or query of the code under test. */
export interface DatabaseFacts {
  readonly batches: readonly BatchRow[];
  readonly instances: readonly InstanceRow[];
  readonly findings: readonly FindingRow[];
  readonly studies: readonly string[];
  /** Study and series UID, with a blank between them. */
  readonly series: readonly string[];
  readonly journal: readonly JournalRow[];
  /** Batches whose message is still there. */
  readonly outbox: readonly number[];
  /** Files of the sealed lists. */
  readonly manifest: readonly ManifestRow[];
  readonly actions: readonly ActionRow[];
}

/** One sealed directory. */
export interface BatchRow {
  readonly id: number;
  readonly path: string;
  readonly status: string;
  readonly reason: string | null;
  readonly files: number;
  readonly bytes: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
}

/** One image of a batch, with the series and study that its row leads to. */
export interface InstanceRow {
  readonly batchId: number;
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of all its bytes. */
  readonly digest: string | null;
  readonly sop: string;
  readonly series: string;
  readonly study: string;
}

/** One file of the list that a batch was sealed with. */
export interface ManifestRow {
  readonly batchId: number;
  readonly path: string;
  readonly bytes: number;
}

/** One finding about a file. */
export interface FindingRow {
  readonly batchId: number;
  readonly path: string;
}

/** One action of a batch; its id is the idempotency key. */
export interface ActionRow {
  readonly id: string;
  readonly batchId: number;
  readonly kind: string;
  readonly state: string;
}

/** Journal entry, written by the database at the time: `sealed`, `OLD>NEW`, or `instances` with their number. */
export interface JournalRow {
  readonly batchId: number;
  readonly what: string;
  readonly rows: number;
}

/** Reads everything. */
export async function readDatabase(sql: Sql): Promise<DatabaseFacts> {
  const batches = await sql.query<BatchRow>(
    `select id::int, path, status, reason, files::int, bytes::int, studies::int, series::int, instances::int
     from sendit.batches order by id`,
  );
  const instances = await sql.query<InstanceRow>(
    `select i.batch_id::int as "batchId", i.path, i.bytes::int, i.digest, i.sop_instance_uid as sop,
       s.series_instance_uid as series, t.study_instance_uid as study
     from sendit.instances i join sendit.series s on s.id = i.series_id join sendit.studies t on t.id = s.study_id`,
  );
  const findings = await sql.query<FindingRow>(
    // Permissions that were taken and given back touch a file.
    `select batch_id::int as "batchId", path from sendit.findings where path is not null and code <> 'touched-since-seal'`,
  );
  const studies = await sql.query<{ uid: string }>('select study_instance_uid as uid from sendit.studies');
  const series = await sql.query<{ uid: string }>(
    `select t.study_instance_uid || ' ' || s.series_instance_uid as uid
     from sendit.series s join sendit.studies t on t.id = s.study_id`,
  );
  const journal = await sql.query<JournalRow>(
    'select batch_id::int as "batchId", what, rows::int from chaos.journal order by id',
  );
  const outbox = await sql.query<{ id: number }>('select batch_id::int as id from sendit.outbox');
  const manifest = await sql.query<ManifestRow>(
    `select p.batch_id::int as "batchId", file ->> 0 as path, (file ->> 1)::int as bytes
     from sendit.manifest_parts p, jsonb_array_elements(p.entries) as file`,
  );
  const actions = await sql.query<ActionRow>(
    'select id::text, batch_id::int as "batchId", kind, state from sendit.actions',
  );
  return {
    batches,
    instances,
    findings,
    studies: studies.map((row) => row.uid),
    series: series.map((row) => row.uid),
    journal,
    outbox: outbox.map((row) => row.id),
    manifest,
    actions,
  };
}
