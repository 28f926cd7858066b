import type { TextReader } from './decoders.ts';
import { toUint16, toUint32, toVrCode } from './element.ts';

/** How a value becomes text: by the Specific Character Set, as ASCII (read as ISO 8859-1), or as numbers of some width. */
export type ValueKind = 'text' | 'ascii' | 'US' | 'SS' | 'UL' | 'SL' | 'FL' | 'FD' | 'SV' | 'UV' | 'AT';

/** Bytes of a value, and how to read them. */
export interface RawValue {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly littleEndian: boolean;
  readonly readText: TextReader;
}

const WIDTH = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, SV: 8, UV: 8, AT: 4 } as const;
const TEXT = ['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT'];
const ASCII = ['AE', 'AS', 'CS', 'DA', 'DS', 'DT', 'IS', 'TM', 'UI', 'UR'];

const KINDS: ReadonlyMap<number, ValueKind> = new Map<number, ValueKind>([
  ...TEXT.map((vr) => [toVrCode(vr), 'text'] as const),
  ...ASCII.map((vr) => [toVrCode(vr), 'ascii'] as const),
  ...(Object.keys(WIDTH) as (keyof typeof WIDTH)[]).map((vr) => [toVrCode(vr), vr] as const),
]);

/** How values of a VR are read; undefined for bytes, sequences and what is unknown. */
export function toValueKind(vr: number): ValueKind | undefined {
  return KINDS.get(vr);
}

/** Makes text of a value. */
export function toAttributeValue(kind: ValueKind, raw: RawValue): string {
  if (kind !== 'text' && kind !== 'ascii') return toNumbers(kind, raw);
  const { bytes, start, end } = raw;
  if (kind === 'text' && !isAscii(bytes, start, end)) return trimEach(raw.readText(bytes.subarray(start, end)));
  return trimEach(bytes.toString('latin1', start, end));
}

function toNumbers(kind: keyof typeof WIDTH, { bytes, start, end, littleEndian }: RawValue): string {
  const width = WIDTH[kind];
  const numbers: (number | bigint | string)[] = [];
  for (let at = start; at + width <= end; at += width) {
    if (kind === 'US') numbers.push(toUint16(bytes, at, littleEndian));
    else if (kind === 'SS') numbers.push((toUint16(bytes, at, littleEndian) << 16) >> 16);
    else if (kind === 'UL') numbers.push(toUint32(bytes, at, littleEndian));
    else if (kind === 'SL') numbers.push(toUint32(bytes, at, littleEndian) | 0);
    else if (kind === 'FL') numbers.push(littleEndian ? bytes.readFloatLE(at) : bytes.readFloatBE(at));
    else if (kind === 'FD') numbers.push(littleEndian ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at));
    else if (kind === 'SV') numbers.push(littleEndian ? bytes.readBigInt64LE(at) : bytes.readBigInt64BE(at));
    else if (kind === 'UV') numbers.push(littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    else numbers.push(toTagText(toUint16(bytes, at, littleEndian), toUint16(bytes, at + 2, littleEndian)));
  }
  return numbers.length === 1 ? String(numbers[0]) : numbers.join('\\');
}

/** A tag as a value (AT): eight hex digits. */
function toTagText(group: number, element: number): string {
  return (group * 0x1_0000 + element).toString(16).padStart(8, '0').toUpperCase();
}

/** Seven-bit and without escapes: the same text in every character set. */
function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80 || byte === 0x1b) return false;
  }
  return true;
}

function trimEach(text: string): string {
  return text.includes('\\') ? text.split('\\').map(trim).join('\\') : trim(text);
}

/** Without spaces and NUL at both ends; other white space stays. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (end > start && isPadding(text.charCodeAt(end - 1))) end--;
  while (start < end && isPadding(text.charCodeAt(start))) start++;
  return text.slice(start, end);
}

function isPadding(code: number): boolean {
  return code === 0x20 || code === 0;
}
