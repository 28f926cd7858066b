import { type BatchToImport, type FindingPolicy, type ManifestFile, statusesBefore } from '@sendit/model';
import { and, eq, sql } from 'drizzle-orm';
import { toCurrentAbsolute } from '../batches/current-path.ts';
import type { Queries } from '../engine/connection.ts';
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

interface BegunRow {
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

/**
 * → PROCESSING, one attempt more, with all that the import asks for first; one statement. The embedded engine need not have it on disk: whoever
 * began would die with it.
 */
export async function beginImport(
  db: Queries,
  { batchId, outboxId }: { readonly batchId: number; readonly outboxId: string },
): Promise<BeginOutcome> {
  const before = sql.raw(
    `(${statusesBefore('PROCESSING')
      .map((status) => `'${status}'`)
      .join()})`,
  );
  const [batch] = await readRows<BegunRow>(
    db,
    sql`with begun as (
      update ${batches} set status = 'PROCESSING', attempts = attempts + 1, started_at = now(), files_done = null, files_total = null
      where id = ${batchId} and status in ${before}
        and exists (select from ${outbox} as message where message.id = ${outboxId} and message.batch_id = ${batchId})
      returning *
    ) select unit, begun.path, relative_path as "relativePath", renamed_to as "renamedTo", begun.name, files::double precision as files,
      accepts_missing as "acceptsMissing", accepted_at is not null as "isAccepted", is_delta as "isDelta", attempts as attempt,
      finding_policy::text as policy, ignored_names::text as globs,
      case when not exists (select from ${manifestParts} as more where more.batch_id = begun.id and more.part > 0) then first.entries::text end as entries
    from begun join ${roots} as root on root.id = begun.root_id
      left join ${manifestParts} as first on first.batch_id = begun.id and first.part = 0`,
  );
  if (batch === undefined) {
    // Held or quarantined meanwhile: without its message it is not sent again and again. `retry` writes a new one.
    await db.delete(outbox).where(and(eq(outbox.id, outboxId), eq(outbox.batchId, batchId)));
    return { kind: 'settled' };
  }
  const {
    attempt,
    entries,
    globs,
    isDelta,
    path: _path,
    policy,
    relativePath: _relativePath,
    renamedTo: _renamedTo,
    unit,
    ...rest
  } = batch;
  if (attempt > 1) await deleteStaged(db, batchId);
  return {
    kind: 'import',
    batch: {
      id: String(batchId),
      ...rest,
      path: toCurrentAbsolute(batch),
      isDelta,
      // The files of a series or study lie in a directory that they share with others.
      isWhole: !isDelta && unit === 'directory',
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
