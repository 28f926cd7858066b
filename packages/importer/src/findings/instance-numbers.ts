import { type SeriesCheck, toSlices } from './facts.ts';
import { toFinding } from './finding.ts';

/**
 * Numbers that are not exactly 1 to the highest. A missing tail shows nothing: the last number is not known. Series that start above 1
 * for good reason exist (3 % of real ones): a finding, never a verdict.
 */
export const missingInstanceNumbers: SeriesCheck = (series) => {
  const numbers = toNumbers(series);
  const [first] = toSlices(series);
  if (first === undefined || numbers.length < 2) return [];
  const highest = numbers.reduce((most, number) => Math.max(most, number), 0);
  const missing = highest - new Set(numbers.filter((number) => number >= 1)).size;
  if (missing === 0) return [];
  const message = `Of the instance numbers 1 to ${highest} in the series of this file ${missing} are missing.`;
  return [toFinding('missing-instance-numbers', first.path, message)];
};

/** The same number on several images; scanners number echoes and phases so. */
export const repeatedInstanceNumbers: SeriesCheck = (series) => {
  const numbers = toNumbers(series);
  const repeated = numbers.length - new Set(numbers).size;
  const [first] = toSlices(series);
  if (first === undefined || repeated === 0) return [];
  const message = `${repeated} images in the series of this file repeat an instance number.`;
  return [toFinding('repeated-instance-numbers', first.path, message)];
};

/** None where an image has no number: then the others say nothing. */
function toNumbers(series: Parameters<SeriesCheck>[0]): readonly number[] {
  const numbers = toSlices(series).flatMap(({ instanceNumber }) => instanceNumber ?? []);
  return numbers.length === toSlices(series).length ? numbers : [];
}
