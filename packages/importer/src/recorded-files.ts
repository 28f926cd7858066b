import type { BytePath } from '@sendit/files';
import type { HashScope } from '@sendit/model';
import type { Duplicate } from './duplicates.ts';
import { FirstFiles } from './first-files.ts';
import { NumberColumn } from './number-column.ts';

/** Facts that distinguish two files of one identity: their data sets, not how they were sent. */
export interface ComparedFile {
  /** Length of the data set. */
  readonly datasetBytes: number;
  /** Of the data set. */
  readonly digest: string | null;
  readonly transferSyntaxUid: string | null;
}

/** One file that has an identity. */
interface IdentifiedFile {
  /** As in an image: false where it is cut. */
  readonly isWhole: boolean | null;
  readonly sopInstanceUid: string;
  /** In the order of the batch. */
  readonly index: number;
  readonly path: BytePath;
}

/** Place of a file beside the recorded one of the same identity. */
export type InstancePlace =
  | 'new'
  | 'completes'
  | 'cut'
  | 'same'
  | 'other'
  | 'other-series'
  | 'other-syntax'
  | 'unknown';

/** Pairs beyond this number are compared by size alone: a batch that was sent twice is not read twice more. */
const COMPARED = 200;

/** Hex digits of a digest that make an exact number. */
const EXACT_DIGITS = 13;

/** Tells files of an identity that was there before. Keeps four numbers of each file, beside its identity; NaN of what is not known. */
export class RecordedFiles {
  /** Pairs that must be read for comparison. */
  readonly duplicates: Duplicate[] = [];
  readonly #scope: HashScope;
  readonly #firsts = new FirstFiles();
  readonly #bytes = new NumberColumn();
  /** 52 bits of each digest. */
  readonly #digests = new NumberColumn();
  readonly #syntaxes = new NumberColumn({ isSmall: true });
  readonly #series = new NumberColumn({ isSmall: true });
  /** Those of the first files that are cut. */
  readonly #cut = new Set<number>();
  readonly #syntaxNumbers = new Map<string, number>();
  readonly #seriesNumbers = new Map<string, number>();

  constructor(scope: HashScope) {
    this.#scope = scope;
  }

  /** Notes each file, recorded or not, in order; undefined: one without a data set. */
  note(file: (ComparedFile & { readonly seriesInstanceUid: string | null }) | undefined): void {
    this.#bytes.push(file?.datasetBytes ?? Number.NaN);
    this.#digests.push(toNumber(file?.digest ?? null));
    this.#syntaxes.push(toNumberOf(this.#syntaxNumbers, file?.transferSyntaxUid ?? null));
    this.#series.push(toNumberOf(this.#seriesNumbers, file?.seriesInstanceUid ?? null));
  }

  /**
   * `new`, or what it is beside the first of its identity: a whole file `completes` one that is cut and stands in its place, a `cut` one
   * stands behind any other; `unknown` is put among {@link duplicates}.
   */
  take({ sopInstanceUid, index, isWhole, path }: IdentifiedFile): InstancePlace {
    const first = this.#firsts.take(sopInstanceUid, index);
    const isCut = isWhole === false;
    if (first === undefined) {
      if (isCut) this.#cut.add(index);
      return 'new';
    }
    const isFirstCut = this.#cut.has(first);
    if (isFirstCut && isWhole === true) {
      this.#firsts.put(sopInstanceUid, index);
      return 'completes';
    }
    if (isCut && !isFirstCut) return 'cut';
    if (differs(this.#series, first, index)) return 'other-series';
    if (differs(this.#syntaxes, first, index)) return 'other-syntax';
    if (differs(this.#bytes, first, index) || differs(this.#digests, first, index)) return 'other';
    if (this.#scope === 'file' && isKnown(this.#digests, first, index)) return 'same';
    if (this.duplicates.length === COMPARED) return 'same';
    this.duplicates.push({ first, again: path, datasetBytes: this.#bytes.at(index) });
    return 'unknown';
  }
}

/** Numbers words in the order in which they come; NaN for none. */
function toNumberOf(numbers: Map<string, number>, word: string | null): number {
  if (word === null || word === '') return Number.NaN;
  const known = numbers.get(word);
  if (known !== undefined) return known;
  numbers.set(word, numbers.size);
  return numbers.size - 1;
}

function isKnown(column: NumberColumn, first: number, again: number): boolean {
  return !Number.isNaN(column.at(first)) && !Number.isNaN(column.at(again));
}

function differs(column: NumberColumn, first: number, again: number): boolean {
  return isKnown(column, first, again) && column.at(first) !== column.at(again);
}

function toNumber(digest: string | null): number {
  return digest === null ? Number.NaN : Number.parseInt(digest.slice(0, EXACT_DIGITS), 16);
}
