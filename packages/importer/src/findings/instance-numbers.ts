import { toFinding } from '@sendit/model';
import type { SeriesCheck } from './facts.ts';

/**
 * Numbers that are not exactly 1 to the highest. A missing tail shows nothing: the last number is not known. Series that start above 1
 * for good reason exist (3 % of real ones): a finding, never a verdict.
 */
export const missingInstanceNumbers: SeriesCheck = ({ instanceNumbers, path }) => {
  if (instanceNumbers.length < 2) return [];
  const highest = Math.max(0, instanceNumbers.at(-1) ?? 0);
  const missing = highest - countDifferent(instanceNumbers, 1);
  if (missing === 0) return [];
  const message = `Of the instance numbers 1 to ${highest} in the series of this file ${missing} are missing.`;
  return [toFinding('missing-instance-numbers', path, message)];
};

/** The same number on several images; scanners number echoes and phases so. */
export const repeatedInstanceNumbers: SeriesCheck = ({ instanceNumbers, path }) => {
  const repeated = instanceNumbers.length - countDifferent(instanceNumbers, Number.NEGATIVE_INFINITY);
  if (repeated === 0) return [];
  const message = `${repeated} images in the series of this file repeat an instance number.`;
  return [toFinding('repeated-instance-numbers', path, message)];
};

/** Different ones of sorted numbers, from a least one on. */
function countDifferent(sorted: Float64Array, least: number): number {
  return sorted.reduce((count, value, index) => (value >= least && value !== sorted[index - 1] ? count + 1 : count), 0);
}
