import { no, unknown, yes } from '../answer.ts';
import type { SeriesFacts } from '../facts.ts';
import type { GradeRule } from '../rule.ts';

/**
 * Grade: no series has fewer images than its own headers imply. ImagesInAcquisition is a divisor of the true count as often as the
 * count itself, so that only a number below it, or not a multiple of it, is a doubt; never a proof, never a veto.
 */
export const dicomCounts: GradeRule = {
  name: 'dicomCounts',
  kind: 'grade',
  judge: ({ listing: { dicom } }) => {
    if (dicom === undefined) return unknown('its headers were not read');
    const telling = dicom.series.filter(
      ({ imagesInAcquisition, numberOfSlices }) => imagesInAcquisition !== null || numberOfSlices !== null,
    );
    if (telling.length === 0) return unknown('no header says how many images there are');
    const short = telling.filter(isShort);
    const [first] = short;
    if (first === undefined) return yes('the counts in its headers fit', { series: telling.length });
    const { instances, imagesInAcquisition, numberOfSlices } = first;
    return no('a series has fewer images than its headers imply', {
      evidence: { shortSeries: short.length, instances, imagesInAcquisition, numberOfSlices },
      toFinish: 'Compare with the scanner or archive, and send the missing images.',
    });
  },
};

function isShort({ instances, imagesInAcquisition, numberOfSlices }: SeriesFacts): boolean {
  if (numberOfSlices !== null && instances < numberOfSlices) return true;
  return imagesInAcquisition !== null && imagesInAcquisition > 0 && instances % imagesInAcquisition !== 0;
}
