import { type CharacterSet, toCharacterSet } from './charset.ts';
import { toVrCode } from './element.ts';
import type { Attributes, TagSpec } from './tags.ts';
import { toValueKind, type ValueKind } from './value.ts';

/** Tags that the reading itself needs, whatever is asked for. */
export const GROUP_LENGTH = 0x0002_0000;
const MEDIA_STORAGE_SOP_CLASS = 0x0002_0002;
export const TRANSFER_SYNTAX = 0x0002_0010;
export const SPECIFIC_CHARACTER_SET = 0x0008_0005;

/** Tag, VR and length of the group length, and its value. */
export const GROUP_LENGTH_BYTES = 12;
const NEEDED = [GROUP_LENGTH, MEDIA_STORAGE_SOP_CLASS, TRANSFER_SYNTAX, SPECIFIC_CHARACTER_SET];

/** Longer values are decoded anew in each file. */
const KEPT_WORDS = 64;

/** More attributes than this changed: the next file is more like this one than like that of the template. */
const STALE_CHANGES = 6;

/** No tag: the end of the list for a walk that compares. */
const NO_TAG = 0x7fff_ffff;

/** The value that a tag had in the file before: its bytes, and the text that they are. */
export interface KeptValue {
  readonly words: Uint16Array;
  /** In words; -1 before the first. */
  length: number;
  vr: number;
  characterSet: CharacterSet;
  text: string;
  /** Whether the text is a guess at the bytes. */
  isGuess: boolean;
}

const indexes = new WeakMap<readonly TagSpec[], TagIndex>();

/** Prepares a tag list; once for each list. */
export function toTagIndex(tags: readonly TagSpec[]): TagIndex {
  const known = indexes.get(tags);
  if (known !== undefined) return known;
  const index = new TagIndex(tags);
  indexes.set(tags, index);
  return index;
}

/** The attributes asked for by slot, their number in tag order; what the files before said, to be compared with. */
export class TagIndex {
  /** In ascending order; the end is marked. */
  readonly tags: Int32Array;
  readonly slots: ReadonlyMap<number, number>;
  /** Undefined where a tag is only needed, not asked for. */
  readonly keywords: readonly (string | undefined)[];
  readonly kinds: readonly (ValueKind | undefined)[];
  readonly kept: readonly KeptValue[];
  /** Slots of the tags that the reading itself needs. */
  readonly groupLengthSlot: number;
  readonly sopClassSlot: number;
  readonly transferSyntaxSlot: number;
  readonly characterSetSlot: number;
  /** Highest tag asked for: nothing after it is read. */
  readonly last: number;
  #template: { readonly values: readonly (string | undefined)[]; readonly attributes: Attributes<string> };

  constructor(specs: readonly TagSpec[]) {
    const asked = new Map(specs.map((spec) => [spec.tag, spec]));
    const sorted = [...new Set([...NEEDED, ...asked.keys()])].toSorted((a, b) => a - b);
    this.tags = Int32Array.of(...sorted, NO_TAG);
    this.slots = new Map(sorted.map((tag, slot) => [tag, slot]));
    this.keywords = sorted.map((tag) => asked.get(tag)?.keyword);
    this.kinds = sorted.map(
      (tag) => toValueKind(toVrCode(asked.get(tag)?.vr ?? (tag === GROUP_LENGTH ? 'UL' : 'UI'))) ?? 'ascii',
    );
    this.kept = sorted.map(toEmptyKept);
    this.groupLengthSlot = sorted.indexOf(GROUP_LENGTH);
    this.sopClassSlot = sorted.indexOf(MEDIA_STORAGE_SOP_CLASS);
    this.transferSyntaxSlot = sorted.indexOf(TRANSFER_SYNTAX);
    this.characterSetSlot = sorted.indexOf(SPECIFIC_CHARACTER_SET);
    this.last = sorted.at(-1) ?? SPECIFIC_CHARACTER_SET;
    this.#template = { values: this.toNoValues(), attributes: {} };
  }

  /** A place for a value at each slot. */
  toNoValues(): (string | undefined)[] {
    return this.keywords.map(() => undefined);
  }

  /** Values by keyword. A copy of an object of the same shape costs a tenth of building one from nothing. */
  toAttributes(values: readonly (string | undefined)[]): Attributes<string> {
    const { values: before, attributes } = this.#template;
    const copy: Record<string, string> = { ...(attributes as Record<string, string>) };
    let changes = 0;
    for (let slot = 0; slot < before.length; slot++) {
      const value = values[slot];
      if (value === before[slot]) continue;
      if (value === undefined || before[slot] === undefined) return this.#toNewShape(values);
      const keyword = this.keywords[slot];
      if (keyword !== undefined) copy[keyword] = value;
      changes += 1;
    }
    if (changes > STALE_CHANGES) this.#template = { values: [...values], attributes: { ...copy } };
    return copy;
  }

  #toNewShape(values: readonly (string | undefined)[]): Attributes<string> {
    const found = values.flatMap((value, slot) => {
      const keyword = this.keywords[slot];
      return value === undefined || keyword === undefined ? [] : [[keyword, value] as const];
    });
    const attributes = Object.fromEntries(found);
    this.#template = { values: [...values], attributes: { ...attributes } };
    return attributes;
  }
}

/** A value that equals no other. */
function toEmptyKept(): KeptValue {
  const characterSet = toCharacterSet('');
  return { words: new Uint16Array(KEPT_WORDS), length: -1, vr: 0, characterSet, text: '', isGuess: false };
}
