import type { FindingRecord } from '@sendit/model';

/** What the checks need to know of one recorded file. Text is as in the header, null where absent or empty. */
export interface ImageFacts {
  /** Relative to the batch directory. */
  readonly path: string;
  readonly instanceNumber: number | null;
  /** NumberOfFrames; null and 1 are a single frame. */
  readonly frames: number | null;
  readonly rows: string | null;
  readonly columns: string | null;
  readonly imageType: string | null;
  /** ImageOrientationPatient, six numbers joined by `\`. */
  readonly orientation: string | null;
  /** ImagePositionPatient, three numbers joined by `\`. */
  readonly position: string | null;
  /** ImagesInAcquisition, a vendor's count; all of GE have it. */
  readonly imagesInAcquisition: number | null;
  /** NumberOfSlices of PET and NM. */
  readonly numberOfSlices: number | null;
}

/** The files of one series. */
export interface SeriesFacts {
  readonly modality: string | null;
  readonly images: readonly ImageFacts[];
}

/** Judges one series. Pure: the same files, the same findings. */
export type SeriesCheck = (series: SeriesFacts) => readonly FindingRecord[];

/** Series whose images are slices of one frame: only of them more can be said than what is there. */
const SLICED: ReadonlySet<string> = new Set(['CT', 'MR', 'PT']);

/** The images of a series that should form a stack: single frames of CT, MR or PT that are no localizers; none for other series. */
export function toSlices({ modality, images }: SeriesFacts): readonly ImageFacts[] {
  if (modality === null || !SLICED.has(modality)) return [];
  const isSingle = images.every(({ frames }) => frames === null || frames <= 1);
  const isLocalizer = images.some(({ imageType }) => imageType?.includes('LOCALIZER') ?? false);
  return isSingle && !isLocalizer ? images : [];
}
