import { type Attributes, HEADER_TAGS, parseDate, parseInteger, parseTime, type TagSpec } from '@sendit/dicom';

/** Tags an import reads: identity, grouping, and the basis of its findings. */
export const IMPORT_TAGS = [
  ...HEADER_TAGS,
  { keyword: 'ImagePositionPatient', tag: 0x0020_0032, vr: 'DS' },
  { keyword: 'ImageOrientationPatient', tag: 0x0020_0037, vr: 'DS' },
  { keyword: 'ImagesInAcquisition', tag: 0x0020_1002, vr: 'IS' },
  { keyword: 'NumberOfSlices', tag: 0x0054_0081, vr: 'US' },
] as const satisfies readonly TagSpec[];

/** Keyword of an attribute that an import reads. */
export type ImportKeyword = (typeof IMPORT_TAGS)[number]['keyword'];

/** The attributes of one file, as an import reads them. */
export type ImportAttributes = Attributes<ImportKeyword>;

/** Null where absent or empty. */
export function toText(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

/** A date (DA) as `YYYYMMDD`, in whichever form it was written; as in the file where it is no date, null where absent or empty. */
export function toDate(value: string | undefined): string | null {
  return value !== undefined && parseDate(value) !== undefined ? value.replaceAll('.', '') : toText(value);
}

/** A time (TM) without the colons of ACR-NEMA; as in the file where it is no time, null where absent or empty. */
export function toTime(value: string | undefined): string | null {
  return value !== undefined && parseTime(value) !== undefined ? value.replaceAll(':', '') : toText(value);
}

/** An integer string (IS) of one value within its range, or null. */
export function toInteger(value: string | undefined): number | null {
  return value === undefined ? null : (parseInteger(value) ?? null);
}
