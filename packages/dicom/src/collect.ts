import type { ByteWindow } from './byte-window.ts';
import { type CharacterSet, isAmbiguous, toCharacterSet } from './charset.ts';
import { UNDEFINED_LENGTH, type ElementHead } from './element.ts';
import type { KeptValue, TagIndex } from './tag-index.ts';
import type { Attributes } from './tags.ts';
import { type RawValue, toAttributeValue, toValueKind, type ValueKind } from './value.ts';
import type { Visit, Walk } from './walk-state.ts';

const NO_SET = toCharacterSet('');

/** Values collected so far, from the file meta information and the data set. */
export class Collector {
  readonly index: TagIndex;
  readonly #values: (string | undefined)[];
  #characterSet: CharacterSet = NO_SET;

  /** Whether a value was kept whose bytes beyond ASCII no character set explains. */
  isTextGuessed = false;

  constructor(index: TagIndex) {
    this.index = index;
    this.#values = index.toNoValues();
  }

  /** The value at a slot of the index, which the reading itself needs. */
  valueAt(slot: number): string | undefined {
    return this.#values[slot];
  }

  /** Keeps the value of an element that was asked for; of a tag that comes twice the first is kept. */
  collect(walk: Walk, head: ElementHead): ReturnType<Visit> {
    const slot = this.index.slots.get(head.tag);
    if (slot === undefined || head.length === UNDEFINED_LENGTH || this.#values[slot] !== undefined) return undefined;
    if (head.length > walk.limits.valueBytes) return this.index.keywords[slot] === undefined ? undefined : 'valueBytes';
    const raw = this.#toRaw(walk, head);
    if (raw === undefined) return undefined;
    const kind = this.#toKind(slot, head.vr);
    this.isTextGuessed ||= this.#isGuess(kind, raw);
    this.#keep(slot, toAttributeValue(kind, raw));
    return undefined;
  }

  /**
   * As {@link collect}, for a value of even length in the window, from and to a word. The files of a series say the same in nearly all of
   * what is asked for: the same bytes as in the file before are not decoded, and share its text. Numbers, not an object: it is called for
   * each value of each file.
   */
  take(slot: number, window: ByteWindow, vr: number, from: number, to: number): void {
    const words = window.words as Uint16Array;
    const kept = this.index.kept[slot] as KeptValue;
    if (this.#values[slot] !== undefined) return;
    const length = to - from;
    if (kept.length === length && kept.vr === vr && kept.characterSet === this.#characterSet) {
      let index = 0;
      while (index < length && kept.words[index] === words[from + index]) index++;
      if (index === length) {
        this.#values[slot] = kept.text;
        if (kept.isGuess) this.isTextGuessed = true;
        if (slot === this.index.characterSetSlot) this.#characterSet = toCharacterSet(kept.text);
        return;
      }
    }
    this.#takeNew(slot, window, vr, from, to);
  }

  #takeNew(slot: number, window: ByteWindow, vr: number, from: number, to: number): void {
    const words = window.words as Uint16Array;
    const kept = this.index.kept[slot] as KeptValue;
    const characterSet = this.#characterSet;
    const { readText } = characterSet;
    const raw = { bytes: window.bytes, start: from * 2, end: to * 2, littleEndian: true, readText };
    const kind = this.#toKind(slot, ((vr & 0xff) << 8) | (vr >> 8));
    const text = toAttributeValue(kind, raw);
    const isGuess = this.#isGuess(kind, raw);
    if (isGuess) this.isTextGuessed = true;
    if (to - from <= kept.words.length) {
      kept.length = to - from;
      kept.vr = vr;
      kept.characterSet = characterSet;
      kept.text = text;
      kept.isGuess = isGuess;
      for (let index = 0; index < kept.length; index++) kept.words[index] = words[from + index] as number;
    }
    this.#keep(slot, text);
  }

  /** The requested attributes that were found. */
  toAttributes(): Attributes<string> {
    return this.index.toAttributes(this.#values);
  }

  #keep(slot: number, text: string): void {
    this.#values[slot] = text;
    if (slot === this.index.characterSetSlot) this.#characterSet = toCharacterSet(text);
  }

  /** The file's VR counts before the dictionary's, unless it says nothing about text or numbers (`UN`, `OB`, none). */
  #toKind(slot: number, vr: number): ValueKind {
    if (slot === this.index.characterSetSlot) return 'ascii';
    return toValueKind(vr) ?? this.index.kinds[slot] ?? 'ascii';
  }

  #isGuess(kind: ValueKind, { bytes, start, end }: RawValue): boolean {
    return this.#characterSet.isGuess && kind === 'text' && isAmbiguous(bytes, start, end);
  }

  #toRaw(walk: Walk, head: ElementHead): RawValue | undefined {
    const { window, encoding } = walk;
    const { littleEndian } = encoding;
    const { readText } = this.#characterSet;
    if (head.length <= window.bytes.length) {
      const start = window.at(head.valueAt, head.length);
      if (start < 0) return undefined;
      return { bytes: window.bytes, start, end: start + head.length, littleEndian, readText };
    }
    const bytes = window.copy(head.valueAt, head.length);
    return bytes && { bytes, start: 0, end: bytes.length, littleEndian, readText };
  }
}
