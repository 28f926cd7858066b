import type { FindingRecord } from '@sendit/model';

/** Input of the checks: facts of one recorded file. Text is as in the header, null where absent or empty. */
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

/** Facts of a whole series. */
export interface SeriesFacts {
  /** The first file of the series. */
  readonly path: string;
  readonly images: number;
  /** Instance numbers in order; none unless every image has one. */
  readonly instanceNumbers: Float64Array;
  /** Places along the normal of the images in order, in millimetres; none unless every image has one and all lie in parallel. */
  readonly positions: Float64Array;
  /** ImagesInAcquisition, where all images say the same. */
  readonly imagesInAcquisition: number | null;
  /** The highest NumberOfSlices; 0 where none says it. */
  readonly numberOfSlices: number;
  readonly isMixedOrientation: boolean;
  readonly isMixedSize: boolean;
}

/** Judges one series. Pure: the same facts, the same findings. */
export type SeriesCheck = (series: SeriesFacts) => readonly FindingRecord[];
