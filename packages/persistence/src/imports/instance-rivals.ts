import { FINDING_EXAMPLES, type FindingCode, type FindingRecord, toFinding, toFindingRecords } from '@sendit/model';
import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../engine/connection.ts';
import { COLUMNS, type SeriesRows, seriesOfItem } from './instance-rows.ts';
import { readRows } from '../schema/rows.ts';
import { batches, instances, quarantinedFiles } from '../schema/schema.ts';

/*
 * An instance has rivals when other batches have recorded its SOPInstanceUID. Of all rows of one UID at most one is `first`: a unique
 * index says so, and whoever commits first has it. What a later one is, by its rivals that are not replaced:
 *
 * one elsewhere differs                          a conflict: the file is quarantined, no row is written
 * else the first is cut, and this is whole       this is `first`, the cut ones are `replaced`
 * else an earlier generation's file differs      this is `first`, the earlier ones are `replaced`
 * else a later generation's file differs         this is `replaced`
 * else                                           a `duplicate`
 *
 * A cut file and a whole one never differ, nor two cut ones elsewhere: a cut one is a `duplicate`, whatever it has. What is not known to
 * be cut is treated as whole, but does not replace a cut one.
 *
 * Elsewhere is everything but the file of the same path in another generation of the same directory: that one is what the sender has put
 * in its place. Two files differ when their transfer syntaxes do, or the lengths of their data sets, or their digests of one kind. Rows of
 * earlier versions have no length of the data set: elsewhere their size says nothing, since another sender writes another group 0002.
 */

/** Where and as what an import is written. */
export interface ImportTarget {
  readonly batchId: number;
  readonly attempt: number;
  readonly rootId: number;
  readonly relativePath: string;
  readonly generation: number;
  readonly seriesRows: SeriesRows;
}

/** Findings about files with rivals: the number per code, and the first of them. */
export interface FoundRivals {
  /** Whose files they are: the import's, or an earlier batch's. */
  readonly batchId: number;
  readonly code: FindingCode;
  readonly total: number;
  readonly files: readonly FoundFile[];
}

interface FoundFile {
  readonly path: string;
  /** A batch that has the instance, in decimal digits. */
  readonly other: string;
  /** That batch has it in another transfer syntax. */
  readonly isRecoded: boolean;
}

type FoundRow = FoundFile & Omit<FoundRivals, 'files'>;

/**
 * Writes those of `items`, a table named `item` with each UID once, that the batch has no row of, because others have. The first row of
 * each is locked: what its rivals say now holds until this import is over.
 */
export async function settleRivals(tx: Queries, target: ImportTarget, items: SQL): Promise<readonly FoundRivals[]> {
  const replaced = await replaceEarlier(tx, target, items);
  return [...toFound(replaced), ...toFound(await writeRest(tx, target, items))];
}

/** The number of files of a code. */
export function countFound(found: readonly FoundRivals[], code: FindingCode): number {
  return found.reduce((sum, one) => sum + (one.code === code ? one.total : 0), 0);
}

/** The findings about other batches that an import keeps. */
export function toRivalFindings(found: readonly FoundRivals[]): readonly FindingRecord[] {
  const codes = [...new Set(found.map(({ code }) => code))];
  return codes.flatMap((code) => {
    const examples = found
      .flatMap((one) => (one.code === code ? one.files : []))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      .slice(0, FINDING_EXAMPLES)
      .map(({ path, other, isRecoded }) => {
        const finding = isRecoded ? toFinding(code, path, RECODED) : toFinding(code, path);
        return { ...finding, message: `${finding.message} Batch ${other}.` };
      });
    const { severity } = toFinding(code, null);
    return toFindingRecords({ code, severity, count: countFound(found, code), examples });
  });
}

const RECODED = 'Another batch has imported the instance in another transfer syntax; quarantined, not recorded.';

function toFound(rows: readonly FoundRow[]): readonly FoundRivals[] {
  const groups = new Map<string, FoundRow[]>();
  for (const row of rows) {
    const key = `${row.batchId} ${row.code}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((files) => {
    const [first] = files;
    return first === undefined ? [] : { batchId: first.batchId, code: first.code, total: first.total, files };
  });
}

/** Marks what counts no more: of files that differ now what earlier generations have, of whole files the cut ones. A statement before the
 * rows are written: the index of those that are first is checked row by row. */
function replaceEarlier(tx: Queries, target: ImportTarget, items: SQL): Promise<readonly FoundRow[]> {
  const { batchId, rootId, relativePath, generation } = target;
  const isPlace = sql`(place.root_id = ${rootId} and place.relative_path = ${relativePath})`;
  return readRows(
    tx,
    sql`with item as materialized (
      select item.sop_instance_uid, item.path, item.is_whole, rival.is_later, rival.is_better from ${items} ${withRivals(target)}
      where ${hasNoRow(batchId)} and ${maybeFirst(target)} and rival.conflict is null and (rival.is_later or rival.is_better)
    ), replaced as (
      update ${instances} as earlier set standing = 'replaced'
      from item, ${batches} as place
      where earlier.sop_instance_uid = item.sop_instance_uid and earlier.standing in ('first', 'duplicate')
        and earlier.batch_id = place.id and earlier.batch_id <> ${batchId}
        and (item.is_later and earlier.path = item.path and place.generation < ${generation} and ${isPlace}
          or item.is_better and earlier.is_whole = false)
      returning earlier.path, earlier.batch_id, item.path as by_path,
        earlier.path = item.path and place.generation < ${generation} and ${isPlace} as is_here
    ) ${firstOf(sql`select ${batchId}::bigint as batch_id, case when is_here then 'instance-replaced' else 'replaces-truncated' end as code,
        by_path as path, max(batch_id) as other, false as is_recoded from replaced group by by_path, is_here
      union all
      select batch_id, 'replaced-by-whole', path, ${batchId}::bigint, false from replaced where not is_here`)}`,
  );
}

/** Records or quarantines what has no row yet. */
function writeRest(tx: Queries, target: ImportTarget, items: SQL): Promise<readonly FoundRow[]> {
  const { batchId, seriesRows } = target;
  return readRows(
    tx,
    sql`with item as materialized (
      select item.*, rival.* from ${items} ${withRivals(target)} where ${hasNoRow(batchId)}
    ), written as (
      insert into ${instances} (batch_id, series_id, standing, ${COLUMNS})
      select ${batchId}::bigint, ${seriesOfItem(seriesRows)},
        case when is_earlier then 'replaced' when has_first then 'duplicate' else 'first' end, ${COLUMNS}
      from item where conflict is null
    ), quarantined as (
      insert into ${quarantinedFiles} (batch_id, sop_instance_uid, path, bytes, digest, digest_algorithm, other_batch_id)
      select ${batchId}::bigint, sop_instance_uid, path, bytes, digest, digest_algorithm, conflict
      from item where conflict is not null
    ) ${firstOf(sql`select ${batchId}::bigint as batch_id, path, coalesce(conflict, cut_behind, uncompared, elsewhere) as other, conflict is not null and is_recoded as is_recoded, case
        when conflict is not null then 'instance-conflict'
        when is_earlier then null
        when cut_behind is not null then 'truncated-duplicate'
        when elsewhere is null then null
        when uncompared is not null then 'duplicate-not-compared'
        else 'duplicate-across-batches' end as code
      from item`)}`,
  );
}

function hasNoRow(batchId: number): SQL {
  return sql`not exists (select from ${instances} as own where own.batch_id = ${batchId} and own.sop_instance_uid = item.sop_instance_uid)`;
}

/** For a first generation, only an instance whose first file is truncated can be replaced. */
function maybeFirst({ generation }: ImportTarget): SQL {
  if (generation > 1) return sql`true`;
  return sql`item.is_whole and exists (
    select from ${instances} as cut where cut.standing = 'first' and cut.sop_instance_uid = item.sop_instance_uid and cut.is_whole = false
  )`;
}

/** Joins what the rivals of `item` say together; each as null or a batch that says so. Two indexes, each of some rows, find them. */
function withRivals({ batchId, rootId, relativePath, generation }: ImportTarget): SQL {
  const of = (standing: string): SQL =>
    sql`select * from ${instances} where standing = ${sql.raw(`'${standing}'`)} and sop_instance_uid = item.sop_instance_uid`;
  return sql`left join lateral (
    select
      min(batch_id) filter (where differs and not is_here and not is_cut and not is_better) as conflict,
      bool_or(is_better and standing = 'first') as is_better,
      min(batch_id) filter (where is_cut and not is_same and (was_whole or not is_here)) as cut_behind,
      bool_or(differs and is_here and generation < ${generation} and not (is_cut and was_whole)) as is_later,
      bool_or(differs and is_here and generation > ${generation} and not is_better) as is_earlier,
      min(batch_id) filter (where not is_here) as elsewhere,
      min(batch_id) filter (where not is_here and not is_compared) as uncompared,
      bool_or(is_recoded and not is_here) as is_recoded,
      bool_or(standing = 'first') as has_first
    from (
      select *, is_compared and not differs as is_same from (
      select *, is_recoded or is_resized or coalesce(is_compared and digest <> item.digest, false) as differs from (
        select other.batch_id, other.standing, other.digest, place.generation, place.is_here,
          coalesce(other.digest_algorithm = item.digest_algorithm and other.digest is not null and item.digest is not null, false) as is_compared,
          item.is_whole is not distinct from false as is_cut, other.is_whole is distinct from false as was_whole,
          coalesce(item.is_whole and not other.is_whole, false) as is_better,
          coalesce(other.transfer_syntax_uid <> item.transfer_syntax_uid, false) as is_recoded,
          coalesce(other.dataset_bytes <> item.dataset_bytes, place.is_here and other.bytes <> item.bytes) as is_resized
        from (${of('first')} union all ${of('duplicate')}) as other cross join lateral (
          select generation, root_id = ${rootId} and relative_path = ${relativePath} and other.path = item.path as is_here
          from ${batches} where id = other.batch_id
        ) as place
        where other.batch_id <> ${batchId}
      ) as held ) as compared
    ) as one
  ) as rival on true`;
}

/** Of what was found (batch_id, code, path, other, is_recoded): for each batch and code the number and the first files. */
function firstOf(found: SQL): SQL {
  return sql`select batch_id::integer as "batchId", code, path, other::text as other, is_recoded as "isRecoded", total::integer as total from (
      select batch_id, code, path, other, is_recoded, count(*) over (partition by batch_id, code) as total,
        row_number() over (partition by batch_id, code order by path collate "C") as place
      from (${found}) as found where code is not null
    ) as ranked where place <= ${FINDING_EXAMPLES} order by batch_id, code, place`;
}
