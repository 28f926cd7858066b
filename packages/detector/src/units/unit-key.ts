import type { UnitKind } from '@sendit/model';
import { isFinishedName } from '../rules/name.ts';
import type { HeaderSighting } from './unit-file.ts';

/** Which files make a unit, by the UID in their headers. */
export type FileUnitKind = Exclude<UnitKind, 'directory'>;

/** Where a file belongs: to the unit of a key, or to none, and why. */
export type Assignment =
  | { readonly kind: 'unit'; readonly key: string }
  | { readonly kind: 'unassigned'; readonly reason: string };

/** Digits and dots by PS3.5 §9.1; letters too, since anonymisers write them. Fit for a key, a line of a log and a command line. */
const USABLE_UID = /^[\w.-]{1,64}$/;

/** The unit of one file: `series/<uid>` or `study/<uid>`, the UID as it is in the header. */
export function toAssignment(sighting: HeaderSighting, unit: FileUnitKind): Assignment {
  if (sighting.kind === 'none') return { kind: 'unassigned', reason: sighting.reason };
  const { seriesInstanceUid, studyInstanceUid } = sighting.header;
  const [keyword, uid] =
    unit === 'series' ? ['SeriesInstanceUID', seriesInstanceUid] : ['StudyInstanceUID', studyInstanceUid];
  if (uid === null) return { kind: 'unassigned', reason: `its header has no ${keyword}` };
  if (!USABLE_UID.test(uid) || !isFinishedName(uid)) {
    return { kind: 'unassigned', reason: `its header has no usable ${keyword}` };
  }
  return { kind: 'unit', key: `${unit}/${uid}` };
}
