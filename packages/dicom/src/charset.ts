import { isUtf8 } from 'node:buffer';
import { decodeAs, findLabel, type TextReader, toLatin1 } from './decoders.ts';
import { decodeIso2022 } from './iso2022.ts';

/** How text is read under a Specific Character Set. */
export interface CharacterSet {
  readonly readText: TextReader;
  /** Whether bytes beyond ASCII are guesswork: the set is missing or unknown. */
  readonly isGuess: boolean;
}

/** `ISO_IR 100`, `ISO 2022 IR 100`, and how they are misspelt: `ISO-IR 100`, `ISO_IR_100`, `IR 100`. */
const DEFINED_TERM = /^(?:ISO[ _-]?)?(?:2022[ _-]?)?IR[ _-]?(\d+)$/;

/** `101` of ISO_IR 101 and ISO 2022 IR 101 → label of the WHATWG Encoding Standard (PS3.3 §C.12.1.1.2). */
const LABELS: Readonly<Record<string, string>> = {
  '13': 'shift_jis',
  '58': 'gb18030',
  '87': 'euc-jp',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '126': 'iso-8859-7',
  '127': 'iso-8859-6',
  '138': 'iso-8859-8',
  '144': 'iso-8859-5',
  '148': 'iso-8859-9',
  '149': 'euc-kr',
  '159': 'euc-jp',
  '166': 'windows-874',
  '192': 'utf-8',
  '203': 'iso-8859-15',
};
const LATIN1 = '100';

/** Names of ASCII, which the Encoding Standard takes for windows-1252: what they say of other bytes is nothing. */
const ASCII_NAMES = /ASCII|646|ANSI/;

const UNKNOWN: CharacterSet = { readText: withExtensions(guessText), isGuess: true };

/** The files of one batch nearly always name the same set. */
let latest: { readonly name: string; readonly set: CharacterSet } = { name: '', set: UNKNOWN };

/**
 * Looks up a Specific Character Set (0008,0005), one or several values joined by `\`. Besides the defined terms, misspellings of them and names of the
 * Encoding Standard are understood (`ISO_IR_100`, `UTF-8`, `ISO 8859-2`). Under a missing or unknown set, or one that this Node build has no
 * tables for, text that is valid UTF-8 is read as that, all else as ISO 8859-1.
 */
export function toCharacterSet(specificCharacterSet: string): CharacterSet {
  if (specificCharacterSet === '') return UNKNOWN;
  if (specificCharacterSet !== latest.name) {
    latest = { name: specificCharacterSet, set: newCharacterSet(specificCharacterSet) };
  }
  return latest.set;
}

/** Whether bytes under a missing or unknown set can be read in several ways. Escape sequences name the sets of what follows. */
export function isAmbiguous(bytes: Uint8Array, start: number, end: number): boolean {
  let isBeyondAscii = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x1b) return false;
    if (byte >= 0x80) isBeyondAscii = true;
  }
  return isBeyondAscii;
}

function newCharacterSet(specificCharacterSet: string): CharacterSet {
  const first = (specificCharacterSet.split('\\', 1)[0] ?? '').trim().toUpperCase();
  const number = DEFINED_TERM.exec(first)?.[1];
  if (number === LATIN1) return { readText: withExtensions(toLatin1), isGuess: false };
  const label = number === undefined ? toNamedLabel(first) : LABELS[number];
  if (label === undefined) return UNKNOWN;
  const base: TextReader = (bytes) => decodeAs(label, bytes);
  // Whole-repertoire sets know no code extension: an escape in them is only a control character.
  return { readText: number === undefined || label === 'utf-8' ? base : withExtensions(base), isGuess: false };
}

/** GB18030 and GBK are defined terms, all else are names that writers took from elsewhere. */
function toNamedLabel(name: string): string | undefined {
  if (name === '' || ASCII_NAMES.test(name)) return undefined;
  return findLabel(name.replaceAll(/[ _]/g, '-')) ?? findLabel(name.replaceAll(/[ _-]/g, ''));
}

function withExtensions(base: TextReader): TextReader {
  return (bytes) => (bytes.includes(0x1b) ? decodeIso2022(bytes, base) : base(bytes));
}

function guessText(bytes: Uint8Array): string {
  return isUtf8(bytes) ? decodeAs('utf-8', bytes) : toLatin1(bytes);
}
