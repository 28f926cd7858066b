import type { FindingRecord, ImportedSeries, ImportedStudy, ImportResult } from '@sendit/model';
import { toStoredInteger, toStoredKey, toStoredText, toStoredTextOrNull } from './stored-text.ts';

/** A series with the key by which its instances name it here. */
export type StoredSeries = ImportedSeries & { readonly key: string };

/** An import as it is written, but for its instances: text that PostgreSQL takes, no key twice, in one order for every writer. */
export interface StoredImport {
  readonly reason: string | null;
  readonly studies: readonly ImportedStudy[];
  readonly series: readonly StoredSeries[];
  /** The key of each series of the import, by its index there. */
  readonly seriesKeys: readonly string[];
  readonly findings: readonly FindingRecord[];
}

/**
 * Prepares an import for writing. Of two entries that are one after cleaning the first is kept. Studies and series are sorted:
 * two imports that share some lock them in one order, and so never wait for each other in a circle.
 */
export function toStoredImport(result: ImportResult): StoredImport {
  const studies = sortedBy(firstOf(result.studies.map(toStudy), (study) => study.studyInstanceUid));
  const series = sortedBy(firstOf(result.series.map(toSeries), (one) => one.key));
  const findings = result.findings.map((finding) => ({
    code: finding.code,
    severity: finding.severity,
    path: toStoredTextOrNull(finding.path),
    message: toStoredText(finding.message),
  }));
  return {
    reason: toStoredTextOrNull(result.reason),
    studies,
    series,
    seriesKeys: result.series.map(seriesKey),
    findings,
  };
}

function firstOf<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, T> {
  const first = new Map<string, T>();
  for (const item of items) if (!first.has(key(item))) first.set(key(item), item);
  return first;
}

function sortedBy<T>(items: ReadonlyMap<string, T>): readonly T[] {
  return [...items].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function toStudy(study: ImportedStudy): ImportedStudy {
  return {
    studyInstanceUid: toStoredKey(study.studyInstanceUid),
    studyDate: toStoredTextOrNull(study.studyDate),
    studyTime: toStoredTextOrNull(study.studyTime),
    studyId: toStoredTextOrNull(study.studyId),
    accessionNumber: toStoredTextOrNull(study.accessionNumber),
    studyDescription: toStoredTextOrNull(study.studyDescription),
    patientId: toStoredTextOrNull(study.patientId),
    patientName: toStoredTextOrNull(study.patientName),
    patientBirthDate: toStoredTextOrNull(study.patientBirthDate),
    patientSex: toStoredTextOrNull(study.patientSex),
  };
}

function seriesKey(of: { readonly studyInstanceUid: string; readonly seriesInstanceUid: string }): string {
  return JSON.stringify([toStoredKey(of.studyInstanceUid), toStoredKey(of.seriesInstanceUid)]);
}

function toSeries(one: ImportedSeries): StoredSeries {
  return {
    key: seriesKey(one),
    studyInstanceUid: toStoredKey(one.studyInstanceUid),
    seriesInstanceUid: toStoredKey(one.seriesInstanceUid),
    modality: toStoredTextOrNull(one.modality),
    seriesNumber: toStoredInteger(one.seriesNumber),
    seriesDescription: toStoredTextOrNull(one.seriesDescription),
    bodyPartExamined: toStoredTextOrNull(one.bodyPartExamined),
    protocolName: toStoredTextOrNull(one.protocolName),
    manufacturer: toStoredTextOrNull(one.manufacturer),
  };
}
