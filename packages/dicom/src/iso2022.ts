import { decodeAs, type TextReader, toLatin1 } from './decoders.ts';

const ESC = 0x1b;

/** `^`, `=`, `\`, and the line controls: after one of them the first character set is back (PS3.5 §6.1.2.5.3). */
const DELIMITERS: ReadonlySet<number> = new Set([0x5e, 0x3d, 0x5c, 0x0a, 0x0c, 0x0d, 0x09]);

/**
 * The character set that an escape sequence designates; `doubleByte` sets occupy G0, where bytes that look like
 * delimiters are halves of characters.
 */
interface Designation {
  readonly read: TextReader;
  readonly doubleByte: boolean;
}

const singleByte = (label: string): Designation => ({ read: (bytes) => decodeAs(label, bytes), doubleByte: false });

/** Escape sequences without ESC (PS3.3 §C.12.1.1.2, tables C.12-3 and C.12-4); `(B` means: back to the first set. */
const DESIGNATIONS: Readonly<Record<string, Designation>> = {
  '(J': singleByte('shift_jis'),
  ')I': singleByte('shift_jis'),
  $B: { read: (bytes) => decodeAs('euc-jp', toEuc(bytes, [])), doubleByte: true },
  '$@': { read: (bytes) => decodeAs('euc-jp', toEuc(bytes, [])), doubleByte: true },
  '$(D': { read: (bytes) => decodeAs('euc-jp', toEuc(bytes, [0x8f])), doubleByte: true },
  '$)C': singleByte('euc-kr'),
  '$)A': singleByte('gb18030'),
  '-A': { read: toLatin1, doubleByte: false },
  '-B': singleByte('iso-8859-2'),
  '-C': singleByte('iso-8859-3'),
  '-D': singleByte('iso-8859-4'),
  '-F': singleByte('iso-8859-7'),
  '-G': singleByte('iso-8859-6'),
  '-H': singleByte('iso-8859-8'),
  '-L': singleByte('iso-8859-5'),
  '-M': singleByte('iso-8859-9'),
  '-T': singleByte('windows-874'),
  '-b': singleByte('iso-8859-15'),
};

/**
 * Decodes text with code extensions (ISO 2022 as PS3.5 §6.1.2.5 uses it): an escape sequence holds until the next one or a delimiter.
 * Sets are accepted by their escape sequence, whether or not the Specific Character Set lists them; files often forget to.
 */
export function decodeIso2022(bytes: Uint8Array, base: TextReader): string {
  let text = '';
  let position = 0;
  while (position < bytes.length) {
    const designation = bytes[position] === ESC ? readDesignation(bytes, position + 1) : undefined;
    const from = designation === undefined ? position : designation.end;
    const escape = bytes.indexOf(ESC, designation === undefined ? position + 1 : from);
    const until = escape < 0 ? bytes.length : escape;
    const part = bytes.subarray(from, until);
    text += designation?.set === undefined ? base(part) : decodePart(part, designation.set, base);
    position = until;
  }
  return text;
}

function decodePart(part: Uint8Array, set: Designation, base: TextReader): string {
  if (set.doubleByte) return set.read(part);
  const delimiter = part.findIndex((byte) => DELIMITERS.has(byte));
  if (delimiter < 0) return set.read(part);
  return set.read(part.subarray(0, delimiter)) + base(part.subarray(delimiter));
}

/** The set that the bytes after an ESC designate (undefined: the first one), or undefined where they are no escape sequence that is known. */
function readDesignation(bytes: Uint8Array, at: number): { set: Designation | undefined; end: number } | undefined {
  for (const length of [3, 2]) {
    const name = toLatin1(bytes.subarray(at, at + length));
    if (name === '(B') return { set: undefined, end: at + 2 };
    if (Object.hasOwn(DESIGNATIONS, name)) return { set: DESIGNATIONS[name], end: at + length };
  }
  return undefined;
}

/** Moves pairs of seven-bit bytes to where EUC-JP has them; bytes outside 21H to 7EH (a space, a delimiter) stay single. */
function toEuc(bytes: Uint8Array, prefix: readonly number[]): Uint8Array {
  const euc: number[] = [];
  for (let index = 0; index < bytes.length; index++) {
    const first = bytes[index] ?? 0;
    const second = bytes[index + 1] ?? 0;
    if (isGraphic(first) && isGraphic(second)) {
      euc.push(...prefix, first | 0x80, second | 0x80);
      index++;
    } else euc.push(first);
  }
  return Uint8Array.from(euc);
}

function isGraphic(byte: number): boolean {
  return byte >= 0x21 && byte <= 0x7e;
}
