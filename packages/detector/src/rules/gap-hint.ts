import { no, unknown, yes } from '../answer.ts';
import type { SeriesFacts } from '../facts.ts';
import type { GradeRule } from '../rule.ts';

/** Steps between slices that are this many times the usual one are a gap. */
const GAP_FACTOR = 1.5;

/**
 * Grade: instance numbers run from 1 without a gap, and slice positions are evenly filled. A doubt only: 4 % of the whole series of
 * real scanners look so too, and a missing tail often does not.
 */
export const gapHint: GradeRule = {
  name: 'gapHint',
  kind: 'grade',
  judge: ({ listing: { dicom } }) => {
    if (dicom === undefined) return unknown('its headers were not read');
    if (dicom.series.length === 0) return unknown('it has no series');
    const gaps = dicom.series.map(toGap).filter((gap) => gap !== undefined);
    const [first] = gaps;
    if (first === undefined) return yes('no series has a gap', { series: dicom.series.length });
    return no('a series seems to have a gap', {
      evidence: { seriesWithGap: gaps.length, series: dicom.series.length, ...first },
      toFinish: 'Compare with the scanner or archive, and send the missing slices.',
    });
  },
};

interface Gap {
  readonly where: string;
  readonly instances: number;
}

function toGap({ instances, instanceNumbers, slicePositions }: SeriesFacts): Gap | undefined {
  const numbers = [...new Set(instanceNumbers)].sort((one, other) => one - other);
  const start = numbers[0];
  if (start !== undefined && start > 1) return { where: `instance numbers start at ${start}`, instances };
  const before = numbers.find((number, index) => (numbers[index + 1] ?? number + 1) > number + 1);
  if (before !== undefined) return { where: `nothing after instance number ${before}`, instances };
  return slicePositions.length < instances ? undefined : toPositionGap(slicePositions, instances);
}

function toPositionGap(slicePositions: readonly number[], instances: number): Gap | undefined {
  const counts = new Map<number, number>();
  for (const position of slicePositions) {
    const rounded = Math.round(position * 100) / 100;
    counts.set(rounded, (counts.get(rounded) ?? 0) + 1);
  }
  const perPosition = new Set(counts.values());
  if (perPosition.size > 1) return { where: 'slice positions hold different numbers of images', instances };
  const positions = [...counts.keys()].sort((one, other) => one - other);
  const steps = positions.slice(1).map((position, index) => position - (positions[index] ?? position));
  const usual = [...steps].sort((one, other) => one - other)[Math.floor(steps.length / 2)];
  if (usual === undefined || steps.length < 3) return undefined;
  return steps.some((step) => step > usual * GAP_FACTOR)
    ? { where: 'a slice position is left out', instances }
    : undefined;
}
