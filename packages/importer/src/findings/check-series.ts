import type { FindingRecord } from '@sendit/model';
import type { SeriesCheck, SeriesFacts } from './facts.ts';
import { missingInstanceNumbers, repeatedInstanceNumbers } from './instance-numbers.ts';
import { mixedOrientation, mixedSize } from './mixed-images.ts';
import { sliceGap, unevenSlices, unevenSpacing } from './slice-positions.ts';
import { belowVendorCount } from './vendor-count.ts';

const SERIES_CHECKS: readonly SeriesCheck[] = [
  missingInstanceNumbers,
  repeatedInstanceNumbers,
  belowVendorCount,
  sliceGap,
  unevenSlices,
  unevenSpacing,
  mixedOrientation,
  mixedSize,
];

/** Everything that is to be found in one series as a whole. */
export function checkSeries(series: SeriesFacts): FindingRecord[] {
  return SERIES_CHECKS.flatMap((check) => check(series));
}
