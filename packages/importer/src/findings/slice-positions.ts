import { type ImageFacts, type SeriesCheck, type SeriesFacts, toSlices } from './facts.ts';
import { toFinding } from './finding.ts';

/** Fewer positions than this have no rhythm to be out of. */
const FEWEST_POSITIONS = 4;

/** A distance above this many usual ones is a gap. */
const GAP_FACTOR = 1.5;

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
  const [first] = series.images;
  if (positions.length < FEWEST_POSITIONS || first === undefined) return [];
  const distances = positions.slice(1).map(({ mm }, index) => mm - (positions[index]?.mm ?? mm));
  const usual = distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 0;
  const gaps = distances.filter((distance) => distance > usual * GAP_FACTOR).length;
  if (gaps === 0) return [];
  return [toFinding('slice-gap', first.path, `The slices in the series of this file have ${gaps} gaps.`)];
};

/** Positions with different numbers of images: of several phases, echoes or repetitions some slices are missing. */
export const unevenSlices: SeriesCheck = (series) => {
  const positions = toPositions(series);
  const [first] = series.images;
  if (positions.length < FEWEST_POSITIONS || first === undefined) return [];
  const most = positions.reduce((highest, { images }) => Math.max(highest, images), 0);
  const fewer = positions.filter(({ images }) => images < most).length;
  if (fewer === 0) return [];
  const message = `${fewer} of ${positions.length} slice positions in the series of this file have fewer than ${most} images.`;
  return [toFinding('uneven-slices', first.path, message)];
};

/** Positions in order along the normal of the images; none unless every image has one and all lie in parallel. */
function toPositions(series: SeriesFacts): readonly Position[] {
  const slices = toSlices(series);
  const [first] = slices;
  const normal = first === undefined ? undefined : toNormal(first);
  if (normal === undefined || slices.some((image) => image.orientation !== first?.orientation)) return [];
  const places = slices.map(({ position }) => toNumbers(position, 3));
  if (places.includes(undefined)) return [];
  const along = places.map((place) => (place ?? []).reduce((sum, value, axis) => sum + value * (normal[axis] ?? 0), 0));
  const positions: Position[] = [];
  for (const mm of along.toSorted((a, b) => a - b)) {
    const last = positions.at(-1);
    if (last !== undefined && mm - last.mm < SAME_MM) last.images += 1;
    else positions.push({ mm, images: 1 });
  }
  return positions;
}

/** Across the rows and columns of an image (PS3.3 §C.7.6.2.1.1). */
function toNormal({ orientation }: ImageFacts): readonly number[] | undefined {
  const [ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0] = toNumbers(orientation, 6) ?? [];
  const normal = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  return normal.some((value) => value !== 0) ? normal : undefined;
}

function toNumbers(text: string | null, count: number): readonly number[] | undefined {
  const numbers = text?.split('\\').map((one) => Number.parseFloat(one)) ?? [];
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : undefined;
}
