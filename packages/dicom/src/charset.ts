import { decodeAs, type TextReader, toLatin1 } from './decoders.ts';
import { decodeIso2022 } from './iso2022.ts';

/** `100` of ISO_IR 100 and ISO 2022 IR 100 → label of the WHATWG Encoding Standard (PS3.3 §C.12.1.1.2). */
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

/** Whole-repertoire sets: no code extension, an escape in them is only a control character. */
const WITHOUT_EXTENSION: Readonly<Record<string, string>> = { GB18030: 'gb18030', GBK: 'gbk', 'ISO_IR 192': 'utf-8' };

/** The files of one batch nearly always name the same set. */
let latest: { readonly name: string; readonly read: TextReader } = { name: '', read: newTextReader('') };

/**
 * The reader for a Specific Character Set (0008,0005), one or several values joined by `\`. Unknown sets, and those that this Node build
 * has no tables for, are read as ISO 8859-1, as is a missing one. Common misspellings (`ISO-IR 100`, `ISO_IR_100`) are understood.
 */
export function toTextReader(specificCharacterSet: string): TextReader {
  if (specificCharacterSet !== latest.name)
    latest = { name: specificCharacterSet, read: newTextReader(specificCharacterSet) };
  return latest.read;
}

function newTextReader(specificCharacterSet: string): TextReader {
  const first = (specificCharacterSet.split('\\', 1)[0] ?? '').trim().toUpperCase();
  const whole = WITHOUT_EXTENSION[first];
  if (whole !== undefined) return (bytes) => decodeAs(whole, bytes);
  const label = LABELS[/^ISO[ _-]?(?:2022[ _-])?IR[ _-]?(\d+)$/.exec(first)?.[1] ?? ''];
  const base: TextReader = label === undefined ? toLatin1 : (bytes) => decodeAs(label, bytes);
  return (bytes) => (bytes.includes(0x1b) ? decodeIso2022(bytes, base) : base(bytes));
}
