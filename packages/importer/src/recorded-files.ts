import type { HashScope } from '@sendit/model';
import type { BytePath } from './byte-path.ts';
import type { Duplicate } from './duplicates.ts';
import { FirstFiles } from './first-files.ts';
import { NumberColumn } from './number-column.ts';

/** One file that has an identity. */
interface IdentifiedFile {
  readonly sopInstanceUid: string;
  /** In the order of the batch. */
  readonly index: number;
  readonly path: BytePath;
  readonly bytes: number;
  readonly digest: string | null;
}

/** More pairs than this are told apart by their size alone: a batch that was sent twice is not read twice more. */
const COMPARED = 200;

/** Hex digits of a digest that make an exact number. */
const EXACT_DIGITS = 13;

/** Tells files of an identity that was there before. Keeps the size of each file and 52 bits of its digest, beside its identity. */
export class RecordedFiles {
  /** Pairs that have to be read to be told apart. */
  readonly duplicates: Duplicate[] = [];
  readonly #scope: HashScope;
  readonly #firsts = new FirstFiles();
  readonly #bytes = new NumberColumn();
  readonly #digests = new NumberColumn();

  constructor(scope: HashScope) {
    this.#scope = scope;
  }

  /** Notes the size of each file, recorded or not, in order. */
  note(bytes: number, digest: string | null): void {
    this.#bytes.push(bytes);
    this.#digests.push(toNumber(digest));
  }

  /** `new`, or what it is beside the first of its identity; `unknown` is put among {@link duplicates}. */
  take({ sopInstanceUid, index, path, bytes, digest }: IdentifiedFile): 'new' | 'same' | 'other' | 'unknown' {
    const first = this.#firsts.take(sopInstanceUid, index);
    if (first === undefined) return 'new';
    if (this.#bytes.at(first) !== bytes) return 'other';
    if (digest !== null && this.#digests.at(first) !== toNumber(digest)) return 'other';
    if (digest !== null && this.#scope === 'file') return 'same';
    if (this.duplicates.length === COMPARED) return 'same';
    this.duplicates.push({ first, again: path });
    return 'unknown';
  }
}

/** NaN, which equals nothing, where there is no digest. */
function toNumber(digest: string | null): number {
  return digest === null ? Number.NaN : Number.parseInt(digest.slice(0, EXACT_DIGITS), 16);
}
