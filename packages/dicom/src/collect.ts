import { toTextReader } from './charset.ts';
import type { TextReader } from './decoders.ts';
import { type ElementHead, toVrCode, UNDEFINED_LENGTH } from './element.ts';
import type { Attributes, TagSpec } from './tags.ts';
import { toAttributeValue, toValueKind, type ValueKind } from './value.ts';
import type { Visit, Walk } from './walk.ts';

const SPECIFIC_CHARACTER_SET = 0x0008_0005;

/** One attribute asked for, and how its value is read where the file gives no better VR. */
interface WantedTag {
  readonly keyword: string;
  readonly kind: ValueKind;
}

/** The attributes asked for, by tag; made once for a tag list. */
export interface TagIndex {
  readonly byTag: ReadonlyMap<number, WantedTag>;
  /** Highest tag asked for: nothing after it is read. */
  readonly last: number;
}

const indexes = new WeakMap<readonly TagSpec[], TagIndex>();

/** Prepares a tag list; once for each list. */
export function toTagIndex(tags: readonly TagSpec[]): TagIndex {
  const known = indexes.get(tags);
  if (known !== undefined) return known;
  const byTag = new Map(
    tags.map(({ keyword, tag, vr }) => [tag, { keyword, kind: toValueKind(toVrCode(vr)) ?? 'ascii' }]),
  );
  const index = { byTag, last: Math.max(SPECIFIC_CHARACTER_SET, ...byTag.keys()) };
  indexes.set(tags, index);
  return index;
}

/** Values collected so far, from the file meta information and the data set. */
export class Collector {
  readonly index: TagIndex;
  readonly #values: Record<string, string> = {};
  #readText: TextReader = toTextReader('');
  #hasCharacterSet = false;

  constructor(index: TagIndex) {
    this.index = index;
  }

  get attributes(): Attributes<string> {
    return this.#values;
  }

  /** Keeps the value of an element that was asked for; of a tag that comes twice the first is kept. */
  collect(walk: Walk, head: ElementHead): ReturnType<Visit> {
    if (head.length === UNDEFINED_LENGTH) return undefined;
    if (head.tag === SPECIFIC_CHARACTER_SET && !this.#hasCharacterSet && head.length <= walk.limits.valueBytes) {
      this.#hasCharacterSet = true;
      this.#readText = toTextReader(this.#read(walk, head, 'ascii') ?? '');
    }
    const wanted = this.index.byTag.get(head.tag);
    if (wanted === undefined || this.#values[wanted.keyword] !== undefined) return undefined;
    if (head.length > walk.limits.valueBytes) return 'valueBytes';
    const value = this.#read(walk, head, wanted.kind);
    if (value !== undefined) this.#values[wanted.keyword] = value;
    return undefined;
  }

  /** The file's VR counts before the dictionary's, unless it says nothing about text or numbers (`UN`, `OB`, none). */
  #read(walk: Walk, head: ElementHead, dictionaryKind: ValueKind): string | undefined {
    const kind = toValueKind(head.vr) ?? dictionaryKind;
    const { window, encoding } = walk;
    const { littleEndian } = encoding;
    const readText = this.#readText;
    if (head.length <= window.bytes.length) {
      const start = window.at(head.valueAt, head.length);
      if (start < 0) return undefined;
      return toAttributeValue(kind, { bytes: window.bytes, start, end: start + head.length, littleEndian, readText });
    }
    const bytes = window.copy(head.valueAt, head.length);
    return bytes && toAttributeValue(kind, { bytes, start: 0, end: bytes.length, littleEndian, readText });
  }
}
