import { parseDecimal, splitValues } from '@sendit/dicom';
import { NumberColumn } from '../number-column.ts';
import type { ImageFacts, SeriesFacts } from './facts.ts';

/** Series whose images are slices of one frame: only of them more can be said than what is there. */
const SLICED: ReadonlySet<string> = new Set(['CT', 'MR', 'PT']);

/** Direction cosines that differ by less are one: scanners round. */
const SAME_COSINE = 0.01;

const NONE = new Float64Array(0);

/** Adds up the images of one series, sixteen bytes each. */
export class SeriesTally {
  readonly #first: ImageFacts;
  readonly #normal: readonly number[] | undefined;
  readonly #instanceNumbers = new NumberColumn();
  readonly #positions = new NumberColumn();
  #images = 0;
  /** A series that should form a stack: single frames of CT, MR or PT that are no localizers. */
  #isStack: boolean;
  #isOneCount = true;
  #numberOfSlices = 0;
  /** The first orientation, and the text last compared with it: neighbours mostly have one. */
  #orientation: readonly number[] | undefined;
  #lastOrientation: string | null = null;
  #isMixedOrientation = false;
  #isMixedSize = false;

  constructor(modality: string | null, first: ImageFacts) {
    this.#first = first;
    this.#isStack = modality !== null && SLICED.has(modality);
    this.#normal = toNormal(first);
  }

  /** Takes in the images one by one, the first one too. */
  add(image: ImageFacts): void {
    this.#images += 1;
    const isSingle = image.frames === null || image.frames <= 1;
    if (!isSingle || image.imageType?.includes('LOCALIZER') === true) this.#isStack = false;
    if (!this.#isStack) return;
    const { rows, columns, imagesInAcquisition } = this.#first;
    if (image.instanceNumber !== null) this.#instanceNumbers.push(image.instanceNumber);
    if (image.imagesInAcquisition !== imagesInAcquisition) this.#isOneCount = false;
    this.#numberOfSlices = Math.max(this.#numberOfSlices, image.numberOfSlices ?? 0);
    if (image.rows !== rows || image.columns !== columns) this.#isMixedSize = true;
    if (image.orientation !== this.#lastOrientation) this.#turn(image.orientation);
    this.#place(image);
  }

  /** Undefined for a series of which nothing can be said. */
  toFacts(): SeriesFacts | undefined {
    if (!this.#isStack || this.#images === 0) return undefined;
    return {
      path: this.#first.path,
      images: this.#images,
      instanceNumbers: this.#whole(this.#instanceNumbers),
      positions: this.#whole(this.#positions),
      imagesInAcquisition: this.#isOneCount ? this.#first.imagesInAcquisition : null,
      numberOfSlices: this.#numberOfSlices,
      isMixedOrientation: this.#isMixedOrientation,
      isMixedSize: this.#isMixedSize,
    };
  }

  #whole(column: NumberColumn): Float64Array {
    return column.length === this.#images ? column.toSorted() : NONE;
  }

  #turn(text: string | null): void {
    this.#lastOrientation = text;
    if (text === null) return;
    const orientation = text.split('\\').map(Number.parseFloat);
    const usual = (this.#orientation ??= orientation);
    if (orientation.some((value, axis) => Math.abs(value - (usual[axis] ?? 0)) > SAME_COSINE)) {
      this.#isMixedOrientation = true;
    }
  }

  #place({ orientation, position }: ImageFacts): void {
    const normal = this.#normal;
    if (normal === undefined || orientation !== this.#first.orientation) return;
    const place = toNumbers(position, 3);
    if (place === undefined) return;
    this.#positions.push(place.reduce((sum, value, axis) => sum + value * (normal[axis] ?? 0), 0));
  }
}

/** Across the rows and columns of an image (PS3.3 §C.7.6.2.1.1). */
function toNormal({ orientation }: ImageFacts): readonly number[] | undefined {
  const [ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0] = toNumbers(orientation, 6) ?? [];
  const normal = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
  return normal.some((value) => value !== 0) ? normal : undefined;
}

function toNumbers(text: string | null, count: number): readonly number[] | undefined {
  const numbers = (text === null ? [] : splitValues(text)).flatMap((one) => parseDecimal(one) ?? []);
  return numbers.length === count ? numbers : undefined;
}
