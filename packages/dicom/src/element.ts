/** How elements are laid out (PS3.5 §7.1). */
export interface Encoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
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

/** Whether a VR is followed by a length of 16 bits (PS3.5 §7.1.2). */
export function isShortForm(code: number): boolean {
  return SHORT_FORM.has(code);
}

/** Whether a VR is followed by two reserved bytes and a length of 32 bits (PS3.5 §7.1.2). */
export function isLongForm(code: number): boolean {
  return LONG_FORM.has(code);
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
