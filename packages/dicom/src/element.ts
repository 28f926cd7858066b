import type { ByteWindow } from './byte-window.ts';

/** How elements are laid out (PS3.5 §7.1). */
export interface Encoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

/** Tag, VR and length of one element; one object is reused for a whole walk. */
export interface ElementHead {
  tag: number;
  /** Two ASCII codes (`0x5549` is `UI`); 0 where the file gives none. */
  vr: number;
  /** {@link UNDEFINED_LENGTH} when delimited instead. */
  length: number;
  /** Position of the value. */
  valueAt: number;
}

/** Length FFFFFFFFH. */
export const UNDEFINED_LENGTH = 0xffff_ffff;

/** Tags of items and delimiters (PS3.5 §7.5). */
export const ITEM = 0xfffe_e000;
export const ITEM_DELIMITER = 0xfffe_e00d;
export const SEQUENCE_DELIMITER = 0xfffe_e0dd;

/** Two letters as the number that they are in a file: `UI` is 5549H. */
export function toVrCode(vr: string): number {
  return (vr.charCodeAt(0) << 8) | vr.charCodeAt(1);
}

const toCodes = (list: string): ReadonlySet<number> => new Set(list.split(' ').map(toVrCode));
const LONG_FORM = toCodes('OB OD OF OL OV OW SQ SV UC UN UR UT UV');
const SHORT_FORM = toCodes('AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US');

/** `UN`: in sequences of undefined length its content is implicit VR little endian (PS3.5 §6.2.2). */
export const VR_UN = toVrCode('UN');

/** Whether two bytes name a VR of PS3.5 §6.2. */
export function isKnownVr(code: number): boolean {
  return SHORT_FORM.has(code) || LONG_FORM.has(code);
}

/** Whether a VR is followed by two reserved bytes and a length of 32 bits (PS3.5 §7.1.2). */
export function isLongForm(code: number): boolean {
  return LONG_FORM.has(code);
}

/** An unset head, to be filled by {@link readElementHead}. */
export function newElementHead(): ElementHead {
  return { tag: 0, vr: 0, length: 0, valueAt: 0 };
}

/**
 * Reads tag, VR and length at a position into `head`; false where the source ends before. Items and delimiters have no VR in any encoding.
 * Two bytes that are not letters cannot be a VR: such an element of an explicit data set is read as implicit, as writers that mix both do.
 */
export function readElementHead(window: ByteWindow, position: number, encoding: Encoding, head: ElementHead): boolean {
  const at = window.at(position, 8);
  if (at < 0) return false;
  const bytes = window.bytes;
  const le = encoding.littleEndian;
  const group = toUint16(bytes, at, le);
  head.tag = group * 0x1_0000 + toUint16(bytes, at + 2, le);
  head.valueAt = position + 8;
  const first = bytes[at + 4] ?? 0;
  const second = bytes[at + 5] ?? 0;
  if (!encoding.explicitVr || group === 0xfffe || !isUpperCase(first) || !isUpperCase(second)) {
    head.vr = 0;
    head.length = toUint32(bytes, at + 4, le);
    return true;
  }
  head.vr = (first << 8) | second;
  if (!LONG_FORM.has(head.vr)) {
    head.length = toUint16(bytes, at + 6, le);
    return true;
  }
  const long = window.at(position, 12);
  if (long < 0) return false;
  head.length = toUint32(window.bytes, long + 8, le);
  head.valueAt = position + 12;
  return true;
}

/** Reads an unsigned 16-bit number. */
export function toUint16(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  return littleEndian ? first | (second << 8) : (first << 8) | second;
}

/** Reads an unsigned 32-bit number. */
export function toUint32(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  const first = toUint16(bytes, at, littleEndian);
  const second = toUint16(bytes, at + 2, littleEndian);
  return littleEndian ? first + second * 0x1_0000 : first * 0x1_0000 + second;
}

function isUpperCase(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}
