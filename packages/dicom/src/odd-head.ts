import type { ByteWindow } from './byte-window.ts';
import {
  ITEM,
  ITEM_DELIMITER,
  isKnownVr,
  isLongForm,
  SEQUENCE_DELIMITER,
  toUint16,
  toUint32,
  toVrCode,
  UNDEFINED_LENGTH,
  type ElementHead,
} from './element.ts';

/** How a head goes on: a length of 16 bits, two reserved bytes and one of 32, or no VR and a length of 32. */
type Form = 'short' | 'long' | 'implicit';

/** A form, and what has to follow for it to be right: an element with a VR, or one without whose value is there. */
type Attempt = readonly [Form, 'explicit' | 'implicit'];

/** Forms to try, likeliest first, where the two bytes look like a VR: letters or a placeholder. */
const ATTEMPTS_WITH_VR: readonly Attempt[] = [
  ['short', 'explicit'],
  ['long', 'explicit'],
  ['implicit', 'explicit'],
  ['implicit', 'implicit'],
];
const ATTEMPTS_WITHOUT_VR: readonly Attempt[] = [
  ['implicit', 'explicit'],
  ['implicit', 'implicit'],
  ['short', 'explicit'],
  ['long', 'explicit'],
];

/** A length of 64 KiB and more: less likely than a short element. */
const ATTEMPTS_WITHOUT_VR_OR_LARGE: readonly Attempt[] = [
  ['implicit', 'explicit'],
  ['short', 'explicit'],
  ['implicit', 'implicit'],
];

const UL = toVrCode('UL');

/** Stands for two NULs: in a head 0 means that there is no VR. */
const QUESTION_MARKS = toVrCode('??');

const FIRST_GROUP = 0x0002;
const LAST_GROUP = 0x7fe0;

const PLACEHOLDERS: ReadonlySet<number> = new Set(['  ', '??', '--', '**'].map(toVrCode));

/**
 * Completes the head of an element whose VR, already in `head`, is not in the standard: writers leave blanks, question
 * marks or small letters there, invent VRs, or mix elements without one into an explicit data set. What tells the forms
 * apart is where the value ends: the first form that another element follows is taken, else the most usual one.
 * `head.vr` becomes 0 where there is no VR. False where the source ends within the head.
 */
export function readOddHead(window: ByteWindow, position: number, littleEndian: boolean, head: ElementHead): boolean {
  const code = head.vr;
  const bytes = window.peek(position, 8);
  if (bytes === undefined) return false;
  const length16 = toUint16(bytes, 6, littleEndian);
  const length32 = toUint32(bytes, 4, littleEndian);
  const isWritten = PLACEHOLDERS.has(code) || isLetters(code);
  const odd: OddHead = { window, position, littleEndian, code, length16, length32 };
  const withoutVr = length16 === 0 ? ATTEMPTS_WITHOUT_VR : ATTEMPTS_WITHOUT_VR_OR_LARGE;
  for (const [form, next] of isWritten ? ATTEMPTS_WITH_VR : withoutVr) {
    if (take(odd, form, head) && isFollowed(odd, head, next)) return true;
  }
  return take(odd, isWritten ? toUsualForm(code, length16) : 'implicit', head);
}

/** A head as it lies in the file. */
interface OddHead {
  readonly window: ByteWindow;
  readonly position: number;
  readonly littleEndian: boolean;
  readonly code: number;
  readonly length16: number;
  readonly length32: number;
}

/** Reads the head in one form; false where the source ends before. */
function take(odd: OddHead, form: Form, head: ElementHead): boolean {
  const { window, position, littleEndian } = odd;
  const bytes = form === 'long' ? window.peek(position + 8, 4) : undefined;
  if (form === 'long' && bytes === undefined) return false;
  head.vr = form === 'implicit' ? 0 : odd.code || QUESTION_MARKS;
  head.valueAt = position + (form === 'long' ? 12 : 8);
  if (bytes !== undefined) head.length = toUint32(bytes, 0, littleEndian);
  else head.length = form === 'short' ? odd.length16 : odd.length32;
  return true;
}

/** Nothing follows that would tell. VRs that came after ours have 32 bits (PS3.5 §7.1.2), as have known ones in small letters. */
function toUsualForm(code: number, length16: number): Form {
  const isLong = isLongForm(code & ~0x2020) || (isLetters(code) && (code & 0x2020) === 0);
  return length16 === 0 && isLong ? 'long' : 'short';
}

function isFollowed({ window, littleEndian, code }: OddHead, head: ElementHead, expected: Attempt[1]): boolean {
  const isOpen = head.length === UNDEFINED_LENGTH;
  const next = isOpen ? head.valueAt : head.valueAt + head.length;
  if (next === window.size && !isOpen) return true;
  const bytes = window.peek(next, 8);
  if (bytes === undefined) return false;
  const group = toUint16(bytes, 0, littleEndian);
  const tag = group * 0x1_0000 + toUint16(bytes, 2, littleEndian);
  if (isOpen) return tag === ITEM || tag === SEQUENCE_DELIMITER;
  if (tag === ITEM || tag === ITEM_DELIMITER || tag === SEQUENCE_DELIMITER) return true;
  if (group < FIRST_GROUP || group > LAST_GROUP) return false;
  if (expected === 'implicit') return tag > head.tag && next + 8 + toUint32(bytes, 4, littleEndian) <= window.size;
  const nextCode = toUint16(bytes, 4, false);
  if (tag % 0x1_0000 === 0) return nextCode === UL; // else the halves of a length
  return isKnownVr(nextCode) || isCapitals(nextCode) || (nextCode === code && head.vr !== 0);
}

function isLetters(code: number): boolean {
  return isCapitals(code & ~0x2020);
}

function isCapitals(code: number): boolean {
  return isCapital(code >> 8) && isCapital(code & 0xff);
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a;
}
