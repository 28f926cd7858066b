import type { FindingRecord, ImportedStudy, ImportResult } from '@sendit/model';
import { toOwnJob } from '../schema/rows.ts';
import { type StoredSeries, toStoredImport } from '../schema/stored-import.ts';
import { type InstanceRow, toInstanceRow } from './instance-rows.ts';
import { toOrdered } from './write-instances.ts';

/** A small import as it is written where nothing of other batches stands in its way. */
export interface PlainImport {
  /** Its place among the results. */
  readonly at: number;
  readonly batchId: number;
  readonly outboxId: string;
  readonly attempt: number;
  readonly status: ImportResult['status'];
  readonly reason: string | null;
  readonly result: ImportResult;
  readonly studies: readonly ImportedStudy[];
  readonly series: readonly StoredSeries[];
  /** The key of each series of the import, by its index there. */
  readonly seriesKeys: readonly string[];
  /** In the order of their UIDs, each once. */
  readonly instances: readonly InstanceRow[];
  readonly findings: readonly FindingRecord[];
  readonly counts: { readonly instances: number; readonly series: number; readonly studies: number };
}

/**
 * Those of some results that can be written as one: none has an instance of another, and what several say of a study or series is the same.
 */
export function toPlainImports(results: readonly ImportResult[], mostInstances: number): readonly PlainImport[] {
  const batchIds = new Set<number>();
  const uids = new Set<string>();
  const said = new Map<string, string>();
  return results.flatMap((result, at) => {
    if (result.instances.length > mostInstances) return [];
    const plain = toPlain(result, at);
    if (plain === undefined || batchIds.has(plain.batchId)) return [];
    const words = toWords(plain);
    const isApart =
      plain.instances.every(({ sop_instance_uid: uid }) => !uids.has(uid)) &&
      words.every(([key, text]) => (said.get(key) ?? text) === text);
    if (!isApart) return [];
    batchIds.add(plain.batchId);
    for (const { sop_instance_uid: uid } of plain.instances) uids.add(uid);
    for (const [key, text] of words) said.set(key, text);
    return plain;
  });
}

function toPlain(result: ImportResult, at: number): PlainImport | undefined {
  const own = toOwnJob(result);
  if (own === undefined) return undefined;
  const { findings, reason, series, seriesKeys, studies } = toStoredImport(result);
  const instances = toOrdered(result.instances.map(toInstanceRow));
  if (instances.some((instance) => seriesKeys[instance.series] === undefined)) return undefined;
  const held = new Set(instances.map((instance) => seriesKeys[instance.series]));
  const heldStudies = new Set(series.filter(({ key }) => held.has(key)).map((one) => one.studyInstanceUid));
  return {
    at,
    ...own,
    attempt: result.attempt,
    status: reason === null ? result.status : 'ERROR',
    reason,
    result,
    studies,
    series,
    seriesKeys,
    instances,
    findings,
    counts: { instances: instances.length, series: held.size, studies: heldStudies.size },
  };
}

/** An import's values of each of its studies and series. */
function toWords({ series, studies }: PlainImport): readonly (readonly [key: string, text: string])[] {
  return [
    ...studies.map((study) => [study.studyInstanceUid, JSON.stringify(study)] as const),
    ...series.map((one) => [one.key, JSON.stringify(one)] as const),
  ];
}
