import type { Attributes } from '@sendit/dicom';
import type { FindingRecord, ImportedInstance, ImportedSeries, ImportedStudy } from '@sendit/model';
import { toDisplayPath } from './byte-path.ts';
import { throwIfPassing } from './errno.ts';
import { toFinding } from './findings.ts';
import type { FileRecord } from './header-readers.ts';

/** A record with a data set: complete, or cut behind its identity. */
interface ImageRecord {
  readonly path: string;
  readonly bytes: number;
  readonly attributes: Attributes;
  readonly transferSyntaxUid: string | null;
}

/**
 * Folds headers, given in name order, into studies, series and instances. Of what several files say about one study or series the first
 * file's word counts; what it does not say is taken from the next that does. Keeps no header longer than its call.
 */
export class Grouping {
  readonly instances: ImportedInstance[] = [];
  readonly findings: FindingRecord[] = [];
  files = 0;
  bytes = 0;
  /** Files that were there when listed and not when read. */
  vanished = 0;
  readonly #fallback: { readonly study: string; readonly series: string };
  readonly #studies = new Map<string, ImportedStudy>();
  readonly #series = new Map<string, ImportedSeries>();
  readonly #instanceUids = new Set<string>();
  readonly #studyDates = new Set<string>();
  readonly #missing = { study: 0, series: 0 };

  /** `name` is the base name of the batch directory. */
  constructor(name: string) {
    this.#fallback = { study: `study_${name}`, series: `series_${name}` };
  }

  get studies(): ImportedStudy[] {
    return [...this.#studies.values()];
  }

  get series(): ImportedSeries[] {
    return [...this.#series.values()];
  }

  /** Different study dates seen on recorded instances. */
  get studyDates(): number {
    return this.#studyDates.size;
  }

  /** Findings about the batch as a whole, to be taken once at the end. */
  toBatchFindings(): FindingRecord[] {
    const missing = [
      { count: this.#missing.study, keyword: 'StudyInstanceUID' },
      { count: this.#missing.series, keyword: 'SeriesInstanceUID' },
    ].filter(({ count }) => count > 0);
    const findings = missing.map(({ count, keyword }) =>
      toFinding('missing-ids', null, `${count} of the files have no ${keyword}; the name of the directory stands in.`),
    );
    if (this.studyDates > 1) {
      findings.push(toFinding('several-study-dates', null, `The batch has ${this.studyDates} different StudyDates.`));
    }
    return findings;
  }

  /** Takes one file in. @throws SenditError when its reading failed for a reason that passes. */
  add(record: FileRecord): void {
    const path = toDisplayPath(record.path);
    const { header, bytes } = record;
    this.files += 1;
    this.bytes += bytes;
    switch (header.kind) {
      case 'dicom':
        if (!this.#addImage({ path, bytes, ...header })) this.#find('no-instance-uid', path);
        return;
      case 'truncated':
        this.#find('truncated', path);
        this.#addImage({ path, bytes, ...header });
        return;
      case 'dicomdir':
        return;
      case 'empty':
        return this.#find('empty-file', path);
      case 'not-dicom':
        return this.#find('not-dicom', path);
      case 'damaged':
        return this.#find('unreadable', path, 'The deflated data set is damaged; skipped.');
      case 'limit':
        return this.#find('unreadable', path, `The header is beyond the limit of ${header.limit}; skipped.`);
      case 'unreadable':
        return this.#addUnreadable(path, header.code);
    }
  }

  #addUnreadable(path: string, code: string): void {
    throwIfPassing(code);
    if (code === 'ENOENT') this.vanished += 1;
    if (code === 'not-a-regular-file') this.#find('not-a-regular-file', path);
    else this.#find('unreadable', path, `Could not be read (${code}); skipped.`);
  }

  /** False when it has no identity and is not recorded. */
  #addImage({ path, bytes, attributes, transferSyntaxUid }: ImageRecord): boolean {
    const sopInstanceUid = toText(attributes.SOPInstanceUID);
    if (sopInstanceUid === null) return false;
    if (this.#instanceUids.has(sopInstanceUid)) {
      this.#find('duplicate-instance', path);
      return true;
    }
    this.#instanceUids.add(sopInstanceUid);
    const studyInstanceUid = this.#addStudy(attributes);
    const seriesInstanceUid = this.#addSeries(attributes, studyInstanceUid);
    this.instances.push({
      studyInstanceUid,
      seriesInstanceUid,
      sopInstanceUid,
      sopClassUid: toText(attributes.SOPClassUID),
      transferSyntaxUid: transferSyntaxUid === '' ? null : transferSyntaxUid,
      instanceNumber: toInteger(attributes.InstanceNumber),
      path,
      bytes,
    });
    return true;
  }

  #addStudy(attributes: Attributes): string {
    const uid = toText(attributes.StudyInstanceUID);
    if (uid === null) this.#missing.study += 1;
    const studyInstanceUid = uid ?? this.#fallback.study;
    const studyDate = toText(attributes.StudyDate);
    if (studyDate !== null) this.#studyDates.add(studyDate);
    const known = this.#studies.get(studyInstanceUid);
    const study: ImportedStudy = {
      studyInstanceUid,
      studyDate,
      studyTime: toText(attributes.StudyTime),
      studyId: toText(attributes.StudyID),
      accessionNumber: toText(attributes.AccessionNumber),
      studyDescription: toText(attributes.StudyDescription),
      patientId: toText(attributes.PatientID),
      patientName: toText(attributes.PatientName),
      patientBirthDate: toText(attributes.PatientBirthDate),
      patientSex: toText(attributes.PatientSex),
    };
    const kept = known === undefined ? study : fillIn(known, study);
    this.#studies.set(kept.studyInstanceUid, kept);
    return kept.studyInstanceUid;
  }

  #addSeries(attributes: Attributes, studyInstanceUid: string): string {
    const uid = toText(attributes.SeriesInstanceUID);
    if (uid === null) this.#missing.series += 1;
    const seriesInstanceUid = uid ?? this.#fallback.series;
    const key = JSON.stringify([studyInstanceUid, seriesInstanceUid]);
    const known = this.#series.get(key);
    const series: ImportedSeries = {
      studyInstanceUid,
      seriesInstanceUid,
      modality: toText(attributes.Modality),
      seriesNumber: toInteger(attributes.SeriesNumber),
      seriesDescription: toText(attributes.SeriesDescription),
      bodyPartExamined: toText(attributes.BodyPartExamined),
      protocolName: toText(attributes.ProtocolName),
      manufacturer: toText(attributes.Manufacturer),
    };
    const kept = known === undefined ? series : fillIn(known, series);
    this.#series.set(key, kept);
    return kept.seriesInstanceUid;
  }

  #find(...finding: Parameters<typeof toFinding>): void {
    this.findings.push(toFinding(...finding));
  }
}

/** Null where absent or empty. */
function toText(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

/** An integer string (IS, PS3.5 §6.2) of one value within its range of 32 bits, or null. */
function toInteger(value: string | undefined): number | null {
  if (value === undefined || !/^[+-]?\d{1,11}$/.test(value)) return null;
  const number = Number(value);
  return number === (number | 0) ? number : null;
}

/** The first word on everything, with the gaps filled from the next; its strings are kept, so that all files of a series share them. */
function fillIn<T extends object>(known: T, next: T): T {
  const gaps = Object.entries(known).filter(([key, value]) => value === null && next[key as keyof T] !== null);
  if (gaps.length === 0) return known;
  return { ...known, ...Object.fromEntries(gaps.map(([key]) => [key, next[key as keyof T]])) };
}
