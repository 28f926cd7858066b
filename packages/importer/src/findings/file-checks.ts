import { parseDate } from '@sendit/dicom';
import type { FindingCode } from '@sendit/model';

/** Input of single-file checks; header values as text, null if absent or empty. */
export interface FileFacts {
  readonly modality: string | null;
  readonly sopClassUid: string | null;
  readonly imageType: string | null;
  readonly burnedInAnnotation: string | null;
  readonly hasPrivate: boolean;
  /** Whether text has bytes that no character set explains. */
  readonly isTextGuessed: boolean;
  /** Dates of the study and of birth, `YYYYMMDD` where they are dates. */
  readonly dates: readonly (string | null)[];
  /** Decoded text: names and descriptions. */
  readonly texts: readonly (string | null)[];
  /** `YYYYMMDD`: dates after this one are in the future, wherever the file was made. */
  readonly tomorrow: string;
}

/** Judges one file: its code where there is something to be found. Pure. */
type FileCheck = (file: FileFacts) => FindingCode | undefined;

/** Storage SOP classes (PS3.4 §B.5), radiotherapy and the non-patient ones among them. */
const STORAGE_CLASSES = /^1\.2\.840\.10008\.5\.1\.4\.(?:1\.1\.|34\.|39\.|43\.|44\.|45\.|38\.)/;

/** True modality of these SOP classes, whatever the header says. */
const MODALITY_OF: Readonly<Record<string, string>> = {
  '1.2.840.10008.5.1.4.1.1.2': 'CT',
  '1.2.840.10008.5.1.4.1.1.2.1': 'CT',
  '1.2.840.10008.5.1.4.1.1.4': 'MR',
  '1.2.840.10008.5.1.4.1.1.4.1': 'MR',
  '1.2.840.10008.5.1.4.1.1.128': 'PT',
  '1.2.840.10008.5.1.4.1.1.130': 'PT',
};

/** Secondary capture, single and multi-frame; ultrasound, single and multi-frame. */
const CAPTURE_CLASSES = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(?:7(?:\.[1-4])?|6\.1|3\.1)$/;
const CAPTURE_MODALITIES: ReadonlySet<string> = new Set(['SC', 'OT', 'US', 'IVUS', 'XC', 'ES', 'GM']);
const CAPTURE_WORDS = /(?:^|\\)(?:SCREEN[ _]?(?:SAVE|CAPTURE|SHOT)|CAPTURE|DOSE_INFO)(?:\\|$)/i;

const burnedIn: FileCheck = ({ burnedInAnnotation, sopClassUid, modality, imageType }) => {
  if (burnedInAnnotation === 'YES') return 'burned-in';
  if (burnedInAnnotation === 'NO') return undefined;
  const isCapture =
    CAPTURE_CLASSES.test(sopClassUid ?? '') ||
    CAPTURE_MODALITIES.has(modality ?? '') ||
    CAPTURE_WORDS.test(imageType ?? '');
  return isCapture ? 'burned-in-likely' : undefined;
};

const unexpectedSopClass: FileCheck = ({ sopClassUid, modality }) => {
  if (sopClassUid === null || !STORAGE_CLASSES.test(sopClassUid)) return 'unexpected-sop-class';
  const expected = MODALITY_OF[sopClassUid];
  return expected !== undefined && modality !== null && modality !== expected ? 'unexpected-sop-class' : undefined;
};

/** Ignores values that are not dates. */
const futureDate: FileCheck = ({ dates, tomorrow }) =>
  dates.some((date) => date !== null && parseDate(date) !== undefined && date > tomorrow) ? 'future-date' : undefined;

const undecodableText: FileCheck = ({ texts }) =>
  texts.some((text) => text?.includes('\uFFFD') ?? false) ? 'undecodable-text' : undefined;

const guessedText: FileCheck = ({ isTextGuessed }) => (isTextGuessed ? 'charset-guessed' : undefined);

const privateData: FileCheck = ({ hasPrivate }) => (hasPrivate ? 'private-data' : undefined);

const FILE_CHECKS: readonly FileCheck[] = [
  burnedIn,
  unexpectedSopClass,
  futureDate,
  undecodableText,
  guessedText,
  privateData,
];

/** Everything that is to be found in one file by itself. */
export function checkFile(file: FileFacts): FindingCode[] {
  return FILE_CHECKS.flatMap((check) => check(file) ?? []);
}

/** The day after a time, anywhere on earth, as `YYYYMMDD`. */
export function toTomorrow(now: Date): string {
  return new Date(now.getTime() + 24 * 3600_000).toISOString().slice(0, 10).replaceAll('-', '');
}
