// What is dropped: directories of synthetic files of real size, with headers as scanners write them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toSyntheticUid } from '@sendit/testing/synthetic';
import { toFileName, toNoise, toSlice } from '../dicom/corpus.mjs';

const MR = {
  Modality: 'MR',
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
  SeriesDescription: 'SYNTHETIC T2',
  BodyPartExamined: 'BRAIN',
};

/**
 * By name: directories, files in each, pixels to a side, series in each, what differs from a CT slice. `mr` has the files of a functional
 * examination, `small` those of an ordinary day.
 */
export const LOADS = {
  ct: { directories: 1, files: 2_000, side: 512, series: 1, elements: {} },
  mr: { directories: 1, files: 5_000, side: 128, series: 10, elements: MR },
  small: { directories: 100, files: 20, side: 128, series: 2, elements: {} },
  tiny: { directories: 5_000, files: 1, side: 16, series: 1, elements: {} },
};

/** Load before a measurement. */
export const WARM_UP = { directories: 4, files: 100, side: 64, series: 2, elements: {} };

/** Makes the directories of a load below one; gives the paths of the directories. */
export function makeLoad(directory, name, { directories, files, side, series, elements }) {
  const pixels = toNoise(side * side);
  return Array.from({ length: directories }, (_, study) => {
    const path = join(directory, `${name}-${study}`);
    mkdirSync(path, { recursive: true });
    for (let index = 0; index < files; index++) {
      const part = Math.floor((index * series) / files);
      const uid = (what) => toSyntheticUid(`bench/${name}/${study}/${what}`);
      const own = {
        ...elements,
        StudyInstanceUID: uid('study'),
        SeriesInstanceUID: uid(`series/${part}`),
        SOPInstanceUID: uid(`instance/${index}`),
        SeriesNumber: String(part + 1),
      };
      writeFileSync(join(path, toFileName(index)), toSlice(index, pixels, own));
    }
    return path;
  });
}
