import { toFinding } from '@sendit/model';
import type { SeriesCheck, SeriesFacts } from './facts.ts';

/** Fewer positions than this have no rhythm to be out of. */
const FEWEST_POSITIONS = 4;

/** A distance above this many usual ones is a gap. */
const GAP_FACTOR = 1.5;

/** Tolerance around the usual distance, as a part of it or in millimetres. */
const SPACING_TOLERANCE = 0.05;
const SPACING_TOLERANCE_MM = 0.05;

/** Positions closer than this, in millimetres, are one. */
const SAME_MM = 0.01;

/** One place of a slice along the stack, and how many images are there. */
interface Position {
  readonly mm: number;
  images: number;
}

/** A place between two slices where by the usual distance there should be another. */
export const sliceGap: SeriesCheck = (series) => {
  const positions = toPositions(series);
  if (positions.length < FEWEST_POSITIONS) return [];
  const { distances, usual } = toDistances(positions);
  const gaps = distances.filter((distance) => distance > usual * GAP_FACTOR).length;
  if (gaps === 0) return [];
  return [toFinding('slice-gap', series.path, `The slices in the series of this file have ${gaps} gaps.`)];
};

/** Finds neighbouring slices closer or wider than usual by more than rounding; a gap has its own finding. */
export const unevenSpacing: SeriesCheck = (series) => {
  const positions = toPositions(series);
  if (positions.length < FEWEST_POSITIONS) return [];
  const { distances, usual } = toDistances(positions);
  const tolerance = Math.max(usual * SPACING_TOLERANCE, SPACING_TOLERANCE_MM);
  const uneven = distances.filter(
    (distance) => distance <= usual * GAP_FACTOR && Math.abs(distance - usual) > tolerance,
  ).length;
  if (uneven === 0) return [];
  const message = `${uneven} of ${distances.length} distances between slices in the series of this file are not the usual one.`;
  return [toFinding('uneven-spacing', series.path, message)];
};

/** Positions with different numbers of images: of several phases, echoes or repetitions some slices are missing. */
export const unevenSlices: SeriesCheck = (series) => {
  const positions = toPositions(series);
  if (positions.length < FEWEST_POSITIONS) return [];
  const most = positions.reduce((highest, { images }) => Math.max(highest, images), 0);
  const fewer = positions.filter(({ images }) => images < most).length;
  if (fewer === 0) return [];
  const message = `${fewer} of ${positions.length} slice positions in the series of this file have fewer than ${most} images.`;
  return [toFinding('uneven-slices', series.path, message)];
};

/** From each position to the next, and the middle one of them. */
function toDistances(positions: readonly Position[]): {
  readonly distances: readonly number[];
  readonly usual: number;
} {
  const distances = positions.slice(1).map(({ mm }, index) => mm - (positions[index]?.mm ?? mm));
  return { distances, usual: distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 0 };
}

/** Different positions, in order, each with its images. */
function toPositions({ positions }: SeriesFacts): readonly Position[] {
  const places: Position[] = [];
  for (const mm of positions) {
    const last = places.at(-1);
    if (last !== undefined && mm - last.mm < SAME_MM) last.images += 1;
    else places.push({ mm, images: 1 });
  }
  return places;
}
