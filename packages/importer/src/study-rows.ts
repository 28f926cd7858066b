import type { ImportedSeries, ImportedStudy } from '@sendit/model';
import { type ImportAttributes, toInteger, toText } from './import-tags.ts';

/** What one file says about its study; the id may be one that stands in. */
export function toStudy(attributes: ImportAttributes, studyInstanceUid: string): ImportedStudy {
  return {
    studyInstanceUid,
    studyDate: toText(attributes.StudyDate),
    studyTime: toText(attributes.StudyTime),
    studyId: toText(attributes.StudyID),
    accessionNumber: toText(attributes.AccessionNumber),
    studyDescription: toText(attributes.StudyDescription),
    patientId: toText(attributes.PatientID),
    patientName: toText(attributes.PatientName),
    patientBirthDate: toText(attributes.PatientBirthDate),
    patientSex: toText(attributes.PatientSex),
  };
}

/** What one file says about its series. */
export function toSeries(
  attributes: ImportAttributes,
  ids: Pick<ImportedSeries, 'studyInstanceUid' | 'seriesInstanceUid'>,
): ImportedSeries {
  return {
    ...ids,
    modality: toText(attributes.Modality),
    seriesNumber: toInteger(attributes.SeriesNumber),
    seriesDescription: toText(attributes.SeriesDescription),
    bodyPartExamined: toText(attributes.BodyPartExamined),
    protocolName: toText(attributes.ProtocolName),
    manufacturer: toText(attributes.Manufacturer),
  };
}

/** The first word on everything, with the gaps filled from the next; its strings are kept, so that all files of a series share them. */
export function fillIn<T extends object>(known: T, next: T): T {
  const gaps = Object.entries(known).filter(([key, value]) => value === null && next[key as keyof T] !== null);
  if (gaps.length === 0) return known;
  return { ...known, ...Object.fromEntries(gaps.map(([key]) => [key, next[key as keyof T]])) };
}
