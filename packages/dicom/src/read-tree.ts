import type { ByteSource } from './byte-source.ts';
import { toByteSource } from './byte-source.ts';
import { ByteWindow } from './byte-window.ts';
import { toCharacterSet } from './charset.ts';
import type { TextReader } from './decoders.ts';
import { loadDictionary } from './dictionary.ts';
import {
  type Encoding,
  isKnownVr,
  ITEM,
  ITEM_DELIMITER,
  SEQUENCE_DELIMITER,
  toVrCode,
  UNDEFINED_LENGTH,
  VR_UN,
  type ElementHead,
} from './element.ts';
import { isItemTag, newElementHead, readElementHead, toStrayLength } from './element-head.ts';
import {
  DEFLATED_UID,
  EXPLICIT_LE,
  guessEncoding,
  IMPLICIT_LE,
  settleEncoding,
  settleVr,
  toEncoding,
} from './encoding.ts';
import { HEADER_LIMITS } from './header-limits.ts';
import { inflateGradually } from './inflate.ts';
import { GROUP_LENGTH, GROUP_LENGTH_BYTES, SPECIFIC_CHARACTER_SET, TRANSFER_SYNTAX } from './tag-index.ts';
import { toAttributeValue, toValueKind } from './value.ts';

/** One element as it lies in the file. */
export interface DicomElement {
  readonly tag: number;
  /** Two letters; from the dictionary where the file gives none of the standard, `UN` where that has none either. */
  readonly vr: string;
  /** In bytes; null where it is delimited instead. */
  readonly length: number | null;
  /** Text and numbers, decoded; null for bytes, sequences and values of more than 4 KB. */
  readonly value: string | null;
  /** Items of a sequence; null for other elements. */
  readonly items: readonly (readonly DicomElement[])[] | null;
}

const PIXEL_GROUP = 0x7fe0;

/** A damaged tag may be above that of the pixel data, where reading ends. */
const ANY_GROUP = 0xffff;
const SHOWN_BYTES = 4096;

/** State shared by the levels of one reading. */
interface Level {
  readonly window: ByteWindow;
  readonly budget: { elements: number };
  readonly encoding: Encoding;
  readonly depth: number;
  readText: TextReader;
}

/**
 * Reads all elements up to the pixel data, sequences with their items; for people to look at. Like reading a header it never throws on
 * content and ends at the limits: what cannot be read is left out.
 */
export function readTree(source: ByteSource): DicomElement[] {
  const window = new ByteWindow(new Uint8Array(64 << 10)).slideOver(source);
  const prefix = window.at(0, 132);
  const hasPrefix = prefix >= 0 && window.bytes.toString('latin1', prefix + 128, prefix + 132) === 'DICM';
  const encoding = hasPrefix ? EXPLICIT_LE : guessEncoding(window);
  if (encoding === undefined) return [];
  const budget = { elements: HEADER_LIMITS.elements };
  const first = { window, budget, encoding, depth: 0, readText: toCharacterSet('').readText };
  const from = hasPrefix ? 132 : 0;
  const meta = readLevel(first, { from, to: source.size, lastGroup: 0x0002 });
  const syntax = findValue(meta.elements, TRANSFER_SYNTAX);
  if (syntax === DEFLATED_UID) return readDeflated(first, from, meta);
  if (meta.next >= source.size) return meta.elements;
  const declared = meta.elements.length === 0 ? encoding : toEncoding(syntax);
  const dataset = { ...first, encoding: settleEncoding(window, meta.next, declared) };
  return [...meta.elements, ...readLevel(dataset, { from: meta.next, to: source.size, lastGroup: ANY_GROUP }).elements];
}

/** The group length says where the deflated stream begins, which may look like meta information. */
function readDeflated(level: Level, from: number, meta: LevelElements): DicomElement[] {
  const length = Number(findValue(meta.elements, GROUP_LENGTH) || Number.NaN);
  const to = Number.isSafeInteger(length) ? from + GROUP_LENGTH_BYTES + length : meta.next;
  const elements = to < meta.next ? readLevel(level, { from, to, lastGroup: 0x0002 }).elements : meta.elements;
  return [...elements, ...readInflated(level, to)];
}

/** Inflates as much as possible: of a stream that is cut off or exceeds the limits, the part before. */
function readInflated(level: Level, from: number): readonly DicomElement[] {
  let bytes: Uint8Array = new Uint8Array();
  if (from < level.window.size) {
    for (const inflated of inflateGradually(level.window, from, HEADER_LIMITS.inflatedBytes)) {
      if (inflated.kind !== 'inflated') break;
      bytes = inflated.bytes;
    }
  }
  const window = new ByteWindow(new Uint8Array(64 << 10)).slideOver(toByteSource(bytes));
  const dataset = { ...level, window, encoding: settleEncoding(window, 0, EXPLICIT_LE) };
  return readLevel(dataset, { from: 0, to: window.size, lastGroup: ANY_GROUP }).elements;
}

function findValue(elements: readonly DicomElement[], wanted: number): string | undefined {
  return elements.find(({ tag }) => tag === wanted)?.value ?? undefined;
}

interface LevelElements {
  readonly elements: DicomElement[];
  /** The position after them. */
  readonly next: number;
}

/** Elements of one data set or item. At top level stray items and delimiters are skipped, as in a header. */
function readLevel(
  level: Level,
  range: { readonly from: number; readonly to: number; readonly lastGroup: number },
): LevelElements {
  const elements: DicomElement[] = [];
  const head = newElementHead();
  let next = range.from;
  while (next < range.to && readElementHead(level.window, next, level.encoding, head)) {
    const group = Math.floor(head.tag / 0x1_0000);
    if (level.budget.elements-- <= 0 || (head.tag === 0 && head.length === 0)) break;
    if (level.depth === 0 && isItemTag(head.tag)) {
      next = head.valueAt + toStrayLength(head, level.window.size);
      continue;
    }
    if (group > range.lastGroup) break;
    if (head.tag === ITEM_DELIMITER) return { elements, next: head.valueAt };
    const isSequence = head.length === UNDEFINED_LENGTH || toVr(head) === 'SQ';
    if (group === PIXEL_GROUP || !isSequence) elements.push(toElement(level, head));
    if (group === PIXEL_GROUP) break;
    if (head.tag === SPECIFIC_CHARACTER_SET) level.readText = toCharacterSet(elements.at(-1)?.value ?? '').readText;
    if (!isSequence) next = head.valueAt + head.length;
    else {
      const sequence = readItems(level, { ...head });
      elements.push({ ...toElement(level, head), value: null, items: sequence.items });
      if (sequence.next <= next) break;
      next = sequence.next;
    }
  }
  return { elements, next };
}

function readItems(level: Level, owner: ElementHead): { readonly items: DicomElement[][]; readonly next: number } {
  const { window, depth } = level;
  const items: DicomElement[][] = [];
  const head = newElementHead();
  const isOpen = owner.length === UNDEFINED_LENGTH;
  const end = isOpen ? window.size : Math.min(owner.valueAt + owner.length, window.size);
  const outer = owner.vr === VR_UN ? IMPLICIT_LE : level.encoding;
  let next = owner.valueAt;
  while (next < end && depth < HEADER_LIMITS.depth && readElementHead(window, next, outer, head)) {
    if (level.budget.elements-- <= 0) break;
    if (head.tag === SEQUENCE_DELIMITER) return { items, next: head.valueAt };
    if (head.tag !== ITEM) break;
    const isOpenItem = head.length === UNDEFINED_LENGTH;
    const from = head.valueAt;
    const to = isOpenItem ? end : Math.min(from + head.length, end);
    const encoding = { ...outer, explicitVr: settleVr(window, from, outer) };
    const item = readLevel({ ...level, encoding, depth: depth + 1 }, { from, to, lastGroup: 0xfffe });
    items.push(item.elements);
    next = isOpenItem ? item.next : to;
  }
  return { items, next: isOpen ? next : owner.valueAt + owner.length };
}

function toElement({ window, encoding, readText }: Level, head: ElementHead): DicomElement {
  const { tag, valueAt } = head;
  const vr = toVr(head);
  const length = head.length === UNDEFINED_LENGTH ? null : head.length;
  const kind = toValueKind(toVrCode(vr));
  const start = kind === undefined || length === null || length > SHOWN_BYTES ? -1 : window.at(valueAt, length);
  if (kind === undefined || start < 0 || length === null) return { tag, vr, length, value: null, items: null };
  const { littleEndian } = encoding;
  const value = toAttributeValue(kind, { bytes: window.bytes, start, end: start + length, littleEndian, readText });
  return { tag, vr, length, value, items: null };
}

function toVr(head: ElementHead): string {
  if (isKnownVr(head.vr)) return String.fromCharCode(head.vr >> 8, head.vr & 0xff);
  if (head.tag % 0x1_0000 === 0) return 'UL';
  return loadDictionary().get(head.tag)?.vr ?? 'UN';
}
