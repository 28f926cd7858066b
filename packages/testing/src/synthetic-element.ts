/** One value of a synthetic element: text (ASCII), numbers for US/UL/SS/SL/FL/FD, bytes as they are, or the items of a sequence. */
export type SyntheticValue =
  | string
  | number
  | readonly number[]
  | Uint8Array
  | readonly (readonly SyntheticElement[])[];

/** One DICOM data element to write; the writer adds padding, never a correction: wrong input makes a wrong file on purpose. */
export interface SyntheticElement {
  /** `0x00100010` for (0010,0010). */
  readonly tag: number;
  /** Two letters, PS3.5 §6.2. */
  readonly vr: string;
  readonly value: SyntheticValue;
}

/** How bytes are laid out: PS3.5 §7. */
export interface ElementEncoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
  /** Sequences and their items with length FFFFFFFFH and delimiters. */
  readonly undefinedLengths: boolean;
}

const LONG_FORM = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
const NUL_PADDED = new Set(['UI', 'OB', 'OW', 'UN']);
const UNDEFINED_LENGTH = 0xffff_ffff;
const NUMBER_BYTES: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 };

/** Encodes elements in the order given. */
export function toElementBytes(elements: readonly SyntheticElement[], encoding: ElementEncoding): Uint8Array {
  return Buffer.concat(elements.map((element) => toOneElement(element, encoding)));
}

/** The eight bytes of an item, an item delimiter or a sequence delimiter (PS3.5 §7.5). */
export function toItemHeader(element: number, length: number, littleEndian: boolean): Uint8Array {
  return Buffer.concat([toTagBytes(0xfffe_0000 + element, littleEndian), toUint32(length, littleEndian)]);
}

function toOneElement(element: SyntheticElement, encoding: ElementEncoding): Uint8Array {
  const sequence = toItems(element);
  const value = sequence === undefined ? toValueBytes(element, encoding) : toSequenceBytes(sequence, encoding);
  const length = sequence !== undefined && encoding.undefinedLengths ? UNDEFINED_LENGTH : value.length;
  return Buffer.concat([toHeaderBytes(element, length, encoding), value]);
}

/** Tag, VR and length of an element, without its value. */
export function toHeaderBytes(
  element: Pick<SyntheticElement, 'tag' | 'vr'>,
  length: number,
  encoding: Pick<ElementEncoding, 'explicitVr' | 'littleEndian'>,
): Uint8Array {
  const { explicitVr, littleEndian } = encoding;
  const tag = toTagBytes(element.tag, littleEndian);
  if (!explicitVr) return Buffer.concat([tag, toUint32(length, littleEndian)]);
  const vr = Buffer.from(element.vr, 'latin1');
  if (LONG_FORM.has(element.vr)) return Buffer.concat([tag, vr, Buffer.alloc(2), toUint32(length, littleEndian)]);
  return Buffer.concat([tag, vr, toUint16(length & 0xffff, littleEndian)]);
}

function toSequenceBytes(items: readonly (readonly SyntheticElement[])[], encoding: ElementEncoding): Uint8Array {
  const { littleEndian, undefinedLengths } = encoding;
  const parts = items.flatMap((item) => {
    const body = toElementBytes(item, encoding);
    const header = toItemHeader(0xe000, undefinedLengths ? UNDEFINED_LENGTH : body.length, littleEndian);
    return undefinedLengths ? [header, body, toItemHeader(0xe00d, 0, littleEndian)] : [header, body];
  });
  return Buffer.concat(undefinedLengths ? [...parts, toItemHeader(0xe0dd, 0, littleEndian)] : parts);
}

function toItems({ vr, value }: SyntheticElement): readonly (readonly SyntheticElement[])[] | undefined {
  if (vr !== 'SQ' || !Array.isArray(value)) return undefined;
  return value.filter((item): item is readonly SyntheticElement[] => Array.isArray(item));
}

function toValueBytes({ vr, value }: SyntheticElement, { littleEndian }: ElementEncoding): Uint8Array {
  if (value instanceof Uint8Array) return toEvenLength(value, vr);
  if (typeof value === 'string') return toEvenLength(Buffer.from(value, 'latin1'), vr);
  const numbers = (typeof value === 'number' ? [value] : value).filter((one) => typeof one === 'number');
  const width = NUMBER_BYTES[vr];
  if (width === undefined) return toEvenLength(Buffer.from(numbers.join('\\'), 'latin1'), vr);
  const bytes = Buffer.alloc(width * numbers.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const [index, number] of numbers.entries()) {
    const at = index * width;
    if (vr === 'FL') view.setFloat32(at, number, littleEndian);
    else if (vr === 'FD') view.setFloat64(at, number, littleEndian);
    else if (width === 2) view.setUint16(at, number & 0xffff, littleEndian);
    else view.setUint32(at, number >>> 0, littleEndian);
  }
  return bytes;
}

function toEvenLength(bytes: Uint8Array, vr: string): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  return Buffer.concat([bytes, Buffer.of(NUL_PADDED.has(vr) ? 0 : 0x20)]);
}

function toTagBytes(tag: number, littleEndian: boolean): Uint8Array {
  return Buffer.concat([toUint16(tag >>> 16, littleEndian), toUint16(tag & 0xffff, littleEndian)]);
}

function toUint16(value: number, littleEndian: boolean): Uint8Array {
  const bytes = Buffer.alloc(2);
  if (littleEndian) bytes.writeUInt16LE(value);
  else bytes.writeUInt16BE(value);
  return bytes;
}

function toUint32(value: number, littleEndian: boolean): Uint8Array {
  const bytes = Buffer.alloc(4);
  if (littleEndian) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}
