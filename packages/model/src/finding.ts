/** How bad a finding is: `error` ends the batch in ERROR, `warning` and `info` do not. */
export type FindingSeverity = 'info' | 'warning' | 'error';

/** Codes of findings; each means one thing, documented in docs/findings.md. */
export const FINDING_CODES = [
  'unreadable',
  'not-dicom',
  'side-files',
  'truncated',
  'empty-file',
  'no-instance-uid',
  'duplicate-instance',
  'several-study-dates',
  'not-a-regular-file',
  'missing-ids',
  'duplicate-differs',
  'several-patients',
  'several-studies',
  'missing-instance-numbers',
  'repeated-instance-numbers',
  'slice-gap',
  'uneven-slices',
  'uneven-spacing',
  'below-vendor-count',
  'burned-in',
  'burned-in-likely',
  'mixed-orientation',
  'mixed-size',
  'future-date',
  'undecodable-text',
  'charset-guessed',
  'private-data',
  'unexpected-sop-class',
  'excluded',
  'vanished',
  'changed-since-seal',
  'touched-since-seal',
  'late-files',
  'over-limit',
  'duplicate-across-batches',
  'duplicate-not-compared',
  'instance-conflict',
  'instance-replaced',
  'not-read',
  'truncated-duplicate',
  'replaces-truncated',
  'replaced-by-whole',
  'patient-differs',
  'study-differs',
  'series-differs',
  'check-failed',
] as const;

/** One word of {@link FINDING_CODES}. */
type BuiltInCode = (typeof FINDING_CODES)[number];

/** Code of a check of the user's own. */
export type OwnFindingCode = `own-${string}`;

/** What is found, as a word. */
export type FindingCode = BuiltInCode | OwnFindingCode;

/** Whether a text is a code of a check of the user's own: `own-` and words of small letters and digits. */
export function isOwnFindingCode(text: string): text is OwnFindingCode {
  return /^own(?:-[a-z0-9]+)+$/.test(text) && text.length <= 64;
}

const SEVERITIES: readonly FindingSeverity[] = ['error', 'warning', 'info'];

/** The order in which findings are shown: the worst first, then by code. Of one code they stay in the order in which they came. */
export function compareFindings(
  a: Pick<FindingRecord, 'code' | 'severity'>,
  b: Pick<FindingRecord, 'code' | 'severity'>,
): number {
  const bySeverity = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  if (bySeverity !== 0 || a.code === b.code) return bySeverity;
  return a.code < b.code ? -1 : 1;
}

/** Something worth a person's look in one batch; `path` is relative to the batch directory and absent for the batch as a whole. */
export interface FindingRecord {
  readonly code: FindingCode;
  readonly severity: FindingSeverity;
  readonly path: string | null;
  /** A fixed sentence with numbers and our own words; never a header value. */
  readonly message: string;
}

const FINDINGS: Readonly<Record<BuiltInCode, { readonly severity: FindingSeverity; readonly message: string }>> = {
  unreadable: { severity: 'warning', message: 'Could not be read; skipped.' },
  'not-dicom': { severity: 'warning', message: 'Not a DICOM file; skipped.' },
  'side-files': {
    severity: 'info',
    message: 'No image, and by its name one of the files that are expected beside images; skipped.',
  },
  truncated: { severity: 'warning', message: 'The file ends before what its header declares.' },
  'empty-file': { severity: 'warning', message: 'The file has no bytes; skipped.' },
  'no-instance-uid': { severity: 'warning', message: 'The header has no SOPInstanceUID; not recorded.' },
  'duplicate-instance': {
    severity: 'warning',
    message: 'The SOPInstanceUID is already there in this batch; the first file in name order is recorded.',
  },
  'several-study-dates': { severity: 'warning', message: 'The batch has more than one StudyDate.' },
  'not-a-regular-file': { severity: 'warning', message: 'Not a regular file; not followed and not read.' },
  'missing-ids': {
    severity: 'warning',
    message: 'An id is missing in the header; the name of the directory stands in.',
  },
  'duplicate-differs': {
    severity: 'warning',
    message:
      'The SOPInstanceUID is already there in this batch with other bytes; the first file in name order is recorded.',
  },
  'several-patients': { severity: 'warning', message: 'The batch has more than one PatientID.' },
  'several-studies': { severity: 'warning', message: 'The batch has more than one StudyInstanceUID.' },
  'missing-instance-numbers': {
    severity: 'warning',
    message: 'Instance numbers are missing in the series of this file.',
  },
  'repeated-instance-numbers': {
    severity: 'info',
    message: 'Instance numbers come more than once in the series of this file.',
  },
  'slice-gap': { severity: 'warning', message: 'The slices in the series of this file have a gap.' },
  'uneven-slices': {
    severity: 'warning',
    message: 'Slice positions in the series of this file have different numbers of images.',
  },
  'uneven-spacing': {
    severity: 'warning',
    message: 'The slices in the series of this file lie at different distances.',
  },
  'below-vendor-count': {
    severity: 'warning',
    message: 'The series of this file has fewer images than its scanner says.',
  },
  'burned-in': {
    severity: 'warning',
    message: 'Flagged as having annotation burned into its pixels; it may name the patient.',
  },
  'burned-in-likely': {
    severity: 'info',
    message: 'A capture or an ultrasound image, not flagged as free of burned-in annotation; it may name the patient.',
  },
  'mixed-orientation': {
    severity: 'warning',
    message: 'The images in the series of this file have different orientations.',
  },
  'mixed-size': { severity: 'warning', message: 'The images in the series of this file have different sizes.' },
  'future-date': { severity: 'warning', message: 'A date in the header is in the future.' },
  'undecodable-text': {
    severity: 'warning',
    message: 'Text in the header has bytes that its Specific Character Set does not know; shown as U+FFFD.',
  },
  'charset-guessed': {
    severity: 'warning',
    message: 'Text in the header is not ASCII, and its Specific Character Set is missing or unknown; it was guessed.',
  },
  'private-data': { severity: 'info', message: 'Has private elements, whose content nobody but the vendor knows.' },
  vanished: { severity: 'warning', message: 'It was sealed and is not there any more.' },
  'changed-since-seal': {
    severity: 'warning',
    message: 'Its size or modification time is not the one that was sealed; recorded as it was read.',
  },
  'touched-since-seal': {
    severity: 'info',
    message:
      'Its change time is not the one that was sealed, its size and modification time are: touched, or overwritten in place; recorded as it was read.',
  },
  'late-files': { severity: 'warning', message: 'Files came after the seal; not imported with this batch.' },
  'over-limit': {
    severity: 'warning',
    message: 'More than the `limits` of the configuration allow lies in the directory; it was not listed to its end.',
  },
  excluded: { severity: 'info', message: 'Not recorded: the filter of the configuration excludes it.' },
  'unexpected-sop-class': {
    severity: 'warning',
    message: 'The SOP class is missing, is no storage class of the standard, or does not fit the modality.',
  },
  'not-read': {
    severity: 'error',
    message: 'The system refused to read it; a person accepted the batch without it. Not recorded, and not placed.',
  },
  'duplicate-across-batches': {
    severity: 'info',
    message: 'The instance was imported before by another batch, with the same size and digest; it counts there.',
  },
  'duplicate-not-compared': {
    severity: 'warning',
    message:
      'The instance was imported before by another batch, with the same size; no digests of one kind say whether the bytes are the same.',
  },
  'instance-conflict': {
    severity: 'warning',
    message: 'The instance was imported before by another batch, with other bytes; this file is quarantined.',
  },
  'truncated-duplicate': {
    severity: 'warning',
    message: 'The file ends too early; another one with its SOPInstanceUID is recorded, and counts.',
  },
  'replaces-truncated': {
    severity: 'info',
    message: 'The file counts in the place of one with its SOPInstanceUID that ends too early.',
  },
  'replaced-by-whole': {
    severity: 'info',
    message: 'The file ends too early; another batch has its instance whole, which counts now.',
  },
  'patient-differs': {
    severity: 'warning',
    message: 'An earlier batch has said another patient of a study; the first word is kept.',
  },
  'study-differs': {
    severity: 'warning',
    message: 'An earlier batch has said other things that identify a study; the first word is kept.',
  },
  'series-differs': {
    severity: 'warning',
    message: 'An earlier batch has said other things that identify a series; the first word is kept.',
  },
  'check-failed': {
    severity: 'warning',
    message: 'A check of your own failed; what it would have found is not known.',
  },
  'instance-replaced': {
    severity: 'warning',
    message:
      'An earlier generation of the directory has this file with other bytes; its row is kept, marked as replaced.',
  },
};

const OWN = { severity: 'warning', message: 'A check of your own found it.' } as const;

/** One finding in the fixed words of its code, or in more exact ones; never with a header value. `path` null: the batch as a whole. */
export function toFinding(code: FindingCode, path: string | null, message?: string): FindingRecord {
  const { severity, message: fixed } = FINDINGS[code as BuiltInCode] ?? OWN;
  return { code, severity, path, message: message ?? fixed };
}
