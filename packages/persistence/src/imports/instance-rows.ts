import type { ImportedInstance } from '@sendit/model';
import { type SQL, sql } from 'drizzle-orm';
import { toStoredInteger, toStoredKey, toStoredText, toStoredTextOrNull } from '../schema/stored-text.ts';

/** Columns that an instance has of its own: what the tables of recorded and of kept ones share. */
export const COLUMNS = sql.raw(
  'sop_instance_uid, sop_class_uid, transfer_syntax_uid, instance_number, path, bytes, dataset_bytes, is_whole, digest, digest_algorithm, attributes',
);

/** The types of a row, for `json_to_recordset`. */
export const TYPES = sql.raw(
  'series integer, sop_instance_uid text, sop_class_uid text, transfer_syntax_uid text, instance_number integer, path text, bytes bigint, dataset_bytes bigint, is_whole boolean, digest text, digest_algorithm text, attributes jsonb',
);

/** The row of each series of an import, by its index there. */
export type SeriesRows = readonly number[];

/** In SQL: the row of the series of `item`. */
export function seriesOfItem(seriesRows: SeriesRows): SQL {
  return sql`(${`{${seriesRows.join()}}`}::bigint[])[item.series + 1]`;
}

/** An instance as it is written. */
export type InstanceRow = ReturnType<typeof toInstanceRow>;

/** Text that PostgreSQL takes. */
export function toInstanceRow(item: ImportedInstance) {
  return {
    series: item.series,
    sop_instance_uid: toStoredKey(item.sopInstanceUid),
    sop_class_uid: toStoredTextOrNull(item.sopClassUid),
    transfer_syntax_uid: toStoredTextOrNull(item.transferSyntaxUid),
    instance_number: toStoredInteger(item.instanceNumber),
    path: toStoredText(item.path),
    bytes: item.bytes,
    dataset_bytes: item.datasetBytes,
    is_whole: item.isWhole,
    digest: item.digest,
    digest_algorithm: item.digestAlgorithm,
    attributes: item.attributes && toStoredAttributes(item.attributes),
  };
}

/** One JSON parameter as a table named `item`: of parameters for every cell the driver alone would take six times as long as the whole statement does. */
export function toRecordset(rows: readonly InstanceRow[]): SQL {
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as item(${TYPES})`;
}

function toStoredAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([keyword, value]) => [keyword, toStoredText(value)]));
}
