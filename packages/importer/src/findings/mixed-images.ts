import { type SeriesCheck, toSlices } from './facts.ts';
import { toFinding } from './finding.ts';

/** Direction cosines that differ by less are one: scanners round. */
const SAME_COSINE = 0.01;

/** Images in one series that do not lie in parallel; localizers do so on purpose. */
export const mixedOrientation: SeriesCheck = (series) => {
  const slices = toSlices(series);
  const [first] = slices;
  const texts = [...new Set(slices.flatMap(({ orientation }) => orientation ?? []))];
  const [usual, ...others] = texts.map((text) => text.split('\\').map(Number.parseFloat));
  const isMixed = others.some((other) =>
    other.some((value, axis) => Math.abs(value - (usual?.[axis] ?? 0)) > SAME_COSINE),
  );
  return isMixed && first !== undefined ? [toFinding('mixed-orientation', first.path)] : [];
};

/** Images of different rows or columns in one series. */
export const mixedSize: SeriesCheck = (series) => {
  const slices = toSlices(series);
  const [first] = slices;
  const sizes = new Set(slices.map(({ rows, columns }) => `${rows ?? ''}×${columns ?? ''}`));
  return sizes.size > 1 && first !== undefined ? [toFinding('mixed-size', first.path)] : [];
};
