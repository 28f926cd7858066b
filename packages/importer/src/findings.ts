import type { FindingCode, FindingRecord, FindingSeverity } from '@sendit/model';

const FINDINGS: Readonly<Record<FindingCode, { readonly severity: FindingSeverity; readonly message: string }>> = {
  unreadable: { severity: 'warning', message: 'Could not be read; skipped.' },
  'not-dicom': { severity: 'warning', message: 'Not a DICOM file; skipped.' },
  truncated: { severity: 'warning', message: 'The file ends before what its header declares.' },
  'empty-file': { severity: 'warning', message: 'The file has no bytes; skipped.' },
  'no-instance-uid': { severity: 'warning', message: 'The header has no SOPInstanceUID; not recorded.' },
  'duplicate-instance': {
    severity: 'warning',
    message: 'The SOPInstanceUID is already there in this batch; the first file in name order is recorded.',
  },
  'several-study-dates': { severity: 'error', message: 'The batch has more than one StudyDate.' },
  'not-a-regular-file': { severity: 'warning', message: 'Not a regular file; not followed and not read.' },
  'missing-ids': {
    severity: 'warning',
    message: 'An id is missing in the header; the name of the directory stands in.',
  },
};

/** One finding in the fixed words of its code, or in more exact ones; never with a header value. `path` null: the batch as a whole. */
export function toFinding(code: FindingCode, path: string | null, message?: string): FindingRecord {
  const { severity, message: fixed } = FINDINGS[code];
  return { code, severity, path, message: message ?? fixed };
}
