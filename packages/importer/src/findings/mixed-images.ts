import { toFinding } from '@sendit/model';
import type { SeriesCheck } from './facts.ts';

/** Images in one series that do not lie in parallel; localizers do so on purpose. */
export const mixedOrientation: SeriesCheck = ({ isMixedOrientation, path }) =>
  isMixedOrientation ? [toFinding('mixed-orientation', path)] : [];

/** Images of different rows or columns in one series. */
export const mixedSize: SeriesCheck = ({ isMixedSize, path }) => (isMixedSize ? [toFinding('mixed-size', path)] : []);
