import type { ImportedSeries, ImportedStudy } from '@sendit/model';
import { type ImportAttributes, toDate, toInteger, toText, toTime } from './import-tags.ts';

type Readers<T> = { readonly [key in keyof T]-?: (attributes: ImportAttributes) => T[key] };
type StudyIds = Pick<ImportedStudy, 'studyInstanceUid'>;
type SeriesIds = Pick<ImportedSeries, 'studyInstanceUid' | 'seriesInstanceUid'>;

const STUDY: Readers<Omit<ImportedStudy, keyof StudyIds>> = {
  studyDate: ({ StudyDate }) => toDate(StudyDate),
  studyTime: ({ StudyTime }) => toTime(StudyTime),
  studyId: ({ StudyID }) => toText(StudyID),
  accessionNumber: ({ AccessionNumber }) => toText(AccessionNumber),
  studyDescription: ({ StudyDescription }) => toText(StudyDescription),
  patientId: ({ PatientID }) => toText(PatientID),
  patientName: ({ PatientName }) => toText(PatientName),
  patientBirthDate: ({ PatientBirthDate }) => toDate(PatientBirthDate),
  patientSex: ({ PatientSex }) => toText(PatientSex),
};

const SERIES: Readers<Omit<ImportedSeries, keyof SeriesIds>> = {
  modality: ({ Modality }) => toText(Modality),
  seriesNumber: ({ SeriesNumber }) => toInteger(SeriesNumber),
  seriesDescription: ({ SeriesDescription }) => toText(SeriesDescription),
  bodyPartExamined: ({ BodyPartExamined }) => toText(BodyPartExamined),
  protocolName: ({ ProtocolName }) => toText(ProtocolName),
  manufacturer: ({ Manufacturer }) => toText(Manufacturer),
};

/** The study row of one file; the id may be a stand-in. */
export function toStudy(attributes: ImportAttributes, ids: StudyIds): ImportedStudy {
  return { ...ids, ...read(STUDY, attributes) };
}

/** The series row of one file. */
export function toSeries(attributes: ImportAttributes, ids: SeriesIds): ImportedSeries {
  return { ...ids, ...read(SERIES, attributes) };
}

/** Fills the gaps of a study row from the next file. */
export const fillStudy = (known: ImportedStudy, attributes: ImportAttributes): ImportedStudy =>
  fillIn(known, STUDY, attributes);

/** Fills the gaps of a series row from the next file. */
export const fillSeries = (known: ImportedSeries, attributes: ImportAttributes): ImportedSeries =>
  fillIn(known, SERIES, attributes);

function read<T>(readers: Readers<T>, attributes: ImportAttributes): T {
  const entries = Object.entries<(from: ImportAttributes) => unknown>(readers);
  return Object.fromEntries(entries.map(([key, reader]) => [key, reader(attributes)])) as T;
}

/** Of thousands of files only what no file before has said is looked at; its strings are kept, so that all files of a series share them. */
function fillIn<T extends object, K extends keyof T>(
  known: T,
  readers: Readers<Pick<T, K>>,
  attributes: ImportAttributes,
): T {
  let filled = known;
  for (const key in readers) {
    if (known[key] !== null) continue;
    const value = readers[key](attributes);
    if (value !== null) filled = { ...filled, [key]: value };
  }
  return filled;
}
