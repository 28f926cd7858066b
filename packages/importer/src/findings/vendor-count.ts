import { type SeriesCheck, toSlices } from './facts.ts';
import { toFinding } from './finding.ts';

/**
 * Fewer images than ImagesInAcquisition, or no multiple of it, or fewer than NumberOfSlices. In real series the first is always an exact
 * divisor of the number of images, and the second right wherever it is there.
 */
export const belowVendorCount: SeriesCheck = (series) => {
  const slices = toSlices(series);
  const [first] = slices;
  if (first === undefined) return [];
  const declared = [...new Set(slices.map(({ imagesInAcquisition }) => imagesInAcquisition))];
  const [inAcquisition] = declared;
  const isClear = declared.length === 1 && inAcquisition !== null && inAcquisition !== undefined && inAcquisition > 0;
  const numberOfSlices = slices.reduce((most, image) => Math.max(most, image.numberOfSlices ?? 0), 0);
  if (isClear && slices.length % inAcquisition !== 0) return [toBelow(first.path, slices.length, inAcquisition)];
  return slices.length < numberOfSlices ? [toBelow(first.path, slices.length, numberOfSlices)] : [];
};

function toBelow(path: string, count: number, declared: number) {
  const message = `The series of this file has ${count} images; its scanner says ${declared}, or a multiple of it.`;
  return toFinding('below-vendor-count', path, message);
}
