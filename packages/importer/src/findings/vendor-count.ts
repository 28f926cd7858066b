import { toFinding } from '@sendit/model';
import type { SeriesCheck } from './facts.ts';

/**
 * Fewer images than ImagesInAcquisition, or no multiple of it, or fewer than NumberOfSlices. In real series the first is always an exact
 * divisor of the number of images, and the second right wherever it is there.
 */
export const belowVendorCount: SeriesCheck = ({ path, images, imagesInAcquisition, numberOfSlices }) => {
  const isUneven = imagesInAcquisition !== null && imagesInAcquisition > 0 && images % imagesInAcquisition !== 0;
  if (isUneven) return [toBelow(path, images, imagesInAcquisition)];
  return images < numberOfSlices ? [toBelow(path, images, numberOfSlices)] : [];
};

function toBelow(path: string, count: number, declared: number) {
  const message = `The series of this file has ${count} images; its scanner says ${declared}, or a multiple of it.`;
  return toFinding('below-vendor-count', path, message);
}
