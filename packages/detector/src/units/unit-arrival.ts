import type { Arrival } from '../facts.ts';
import type { UnitFile } from './unit-file.ts';
import type { FileUnitKind } from './unit-key.ts';

/**
 * How a unit came: `renamed` where renames of directories brought all of its files. Of a study only one directory with more than one of its
 * series proves that: a series that is renamed into place says nothing of those that are still to come.
 */
export function toArrival(files: readonly UnitFile[], unit: FileUnitKind): Arrival {
  const renamed = new Set(files.map(({ broughtBy }) => broughtBy));
  if (files.length === 0 || renamed.has(null)) return 'found';
  if (unit === 'series') return 'renamed';
  const series = new Set(files.map(({ sighting }) => sighting.kind === 'header' && sighting.header.seriesInstanceUid));
  return renamed.size === 1 && series.size > 1 ? 'renamed' : 'found';
}
