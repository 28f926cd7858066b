import { type BatchToImport, type FindingPolicy, type ManifestFile, statusesBefore } from '@sendit/model';
import { and, eq, sql } from 'drizzle-orm';
import { toCurrentAbsolute } from '../batches/current-path.ts';
import type { Connection, Queries } from '../engine/connection.ts';
import { createGroups, type Ended, mayTrySingly } from '../groups.ts';
import { readRows } from '../schema/rows.ts';
import { batches, manifestParts, outbox, roots } from '../schema/schema.ts';
import { type StoredManifestFile, toManifestFile } from '../schema/stored-manifest.ts';
import { deleteStaged } from './write-instances.ts';

/** `settled`: there is nothing to do, the job's effect is there or its batch was taken out of the queue. */
export type BeginOutcome =
  | {
      readonly kind: 'import';
      readonly batch: BatchToImport;
      readonly attempt: number;
      /** All of its sealed files, where they are few. */
      readonly manifest?: readonly ManifestFile[];
    }
  | { readonly kind: 'settled' };

/** A job's rows in this database. */
export interface OwnJob {
  readonly batchId: number;
  readonly outboxId: string;
}

interface BegunRow {
  readonly id: number;
  readonly unit: string;
  readonly path: string;
  readonly relativePath: string;
  readonly renamedTo: string | null;
  readonly name: string;
  readonly files: number;
  readonly acceptsMissing: boolean;
  readonly isAccepted: boolean;
  readonly isDelta: boolean;
  readonly attempt: number;
  /** JSON, as text: the drivers read columns of it differently. */
  readonly policy: string | null;
  readonly globs: string | null;
  readonly entries: string | null;
}

/** Imports that begin as one. */
const MOST = 64;

/** Files that are given with the beginning; the list of a larger batch is read part by part. */
const FEW_FILES = 1_000;

/**
 * Begins imports in groups: → PROCESSING, one attempt more, with all that an import asks for first. One statement, after which the embedded engine
 * does not wait for the disk: whoever began would die with it.
 */
export function createBegins(connection: Connection): (job: OwnJob) => Promise<BeginOutcome> {
  return createGroups<OwnJob, BeginOutcome>({
    most: MOST,
    mostSize: MOST,
    sizeOf: () => 1,
    runGroup: (jobs) => connection.run((db) => beginGroup(db, jobs)),
    runSingle: (job) => connection.run((db) => beginSingle(db, job)),
    mayTrySingly,
  });
}

async function beginGroup(db: Queries, jobs: readonly OwnJob[]): Promise<readonly Ended<BeginOutcome>[]> {
  const seen = new Set<number>();
  // Two runs of one batch are two attempts.
  const first = jobs.filter(({ batchId }) => !seen.has(batchId) && seen.add(batchId));
  const begun = await begin(db, first);
  return jobs.map((job) => {
    const outcome = first.includes(job) ? begun.get(job.batchId) : undefined;
    return outcome === undefined ? { kind: 'single' } : { kind: 'done', outcome };
  });
}

async function beginSingle(db: Queries, job: OwnJob): Promise<BeginOutcome> {
  const begun = (await begin(db, [job])).get(job.batchId);
  if (begun !== undefined) return begun;
  // Held or quarantined meanwhile: without its message it is not sent again and again. `retry` writes a new one.
  await db.delete(outbox).where(and(eq(outbox.id, job.outboxId), eq(outbox.batchId, job.batchId)));
  return { kind: 'settled' };
}

/** By batch; those whose message is gone, or that are not to be imported now, are left out. */
async function begin(db: Queries, jobs: readonly OwnJob[]): Promise<ReadonlyMap<number, BeginOutcome>> {
  const before = sql.raw(
    `(${statusesBefore('PROCESSING')
      .map((status) => `'${status}'`)
      .join()})`,
  );
  const items = jobs.map(({ batchId, outboxId }) => ({ batch_id: batchId, outbox_id: outboxId }));
  const rows = await readRows<BegunRow>(
    db,
    sql`with item as materialized (
      select * from json_to_recordset(${JSON.stringify(items)}::json) as item(batch_id bigint, outbox_id uuid)
    ), held as materialized (
      select one.id from ${batches} as one join item on item.batch_id = one.id
      where one.status in ${before}
        and exists (select from ${outbox} as message where message.id = item.outbox_id and message.batch_id = one.id)
      order by one.id for update of one
    ), begun as (
      update ${batches} as one set status = 'PROCESSING', attempts = attempts + 1, started_at = now(), files_done = null, files_total = null
      from held where one.id = held.id returning one.*
    ) select begun.id::integer as id, unit, begun.path, relative_path as "relativePath", renamed_to as "renamedTo", begun.name,
      files::double precision as files, accepts_missing as "acceptsMissing", accepted_at is not null as "isAccepted", is_delta as "isDelta",
      attempts as attempt, finding_policy::text as policy, ignored_names::text as globs,
      case when files <= ${FEW_FILES} then first.entries::text end as entries
    from begun join ${roots} as root on root.id = begun.root_id
      left join ${manifestParts} as first on first.batch_id = begun.id and first.part = 0`,
  );
  for (const { attempt, id } of rows) if (attempt > 1) await deleteStaged(db, id);
  return new Map(rows.map((row) => [row.id, toOutcome(row)]));
}

function toOutcome(row: BegunRow): BeginOutcome {
  const { acceptsMissing, attempt, entries, files, globs, id, isAccepted, isDelta, name, policy, unit } = row;
  return {
    kind: 'import',
    batch: {
      id: String(id),
      path: toCurrentAbsolute(row),
      name,
      files,
      isDelta,
      // The files of a series or study lie in a directory that they share with others.
      isWhole: !isDelta && unit === 'directory',
      acceptsMissing,
      isAccepted,
      findingPolicy: parse<FindingPolicy>(policy, {}),
      ignore: parse<readonly string[]>(globs, []),
    },
    attempt,
    ...(entries !== null && { manifest: parse<readonly StoredManifestFile[]>(entries, []).map(toManifestFile) }),
  };
}

function parse<T>(json: string | null, fallback: T): T {
  return json === null ? fallback : ((JSON.parse(json) as T | null) ?? fallback);
}
