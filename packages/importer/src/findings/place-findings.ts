import { type FindingCode, type FindingRecord, toFinding } from '@sendit/model';
import type { InstancePlace } from '../recorded-files.ts';

const MESSAGES: Partial<Readonly<Record<InstancePlace, string>>> = {
  'other-series':
    'The SOPInstanceUID is already there in another series of this batch; the first file in name order is recorded.',
  'other-syntax':
    'The SOPInstanceUID is already there in this batch in another transfer syntax; the first file in name order is recorded.',
};

/** Of `unknown` nothing is said before both files are read. */
const CODES: Readonly<Record<InstancePlace, FindingCode | undefined>> = {
  new: undefined,
  unknown: undefined,
  completes: 'replaces-truncated',
  cut: 'truncated-duplicate',
  same: 'duplicate-instance',
  other: 'duplicate-differs',
  'other-series': 'duplicate-differs',
  'other-syntax': 'duplicate-differs',
};

/** The finding about a file that shares its SOPInstanceUID with a recorded one, by its place beside it. */
export function toPlaceFinding(place: InstancePlace, path: string): FindingRecord | undefined {
  const code = CODES[place];
  const message = MESSAGES[place];
  if (code === undefined) return undefined;
  return message === undefined ? toFinding(code, path) : toFinding(code, path, message);
}
