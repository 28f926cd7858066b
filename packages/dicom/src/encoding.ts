import type { ByteWindow } from './byte-window.ts';
import { type Encoding, isKnownVr, toUint16, toUint32, type ElementHead } from './element.ts';
import { newElementHead, readElementHead } from './element-head.ts';

/** Encodings by name, PS3.5 annex A. */
export const EXPLICIT_LE: Encoding = { explicitVr: true, littleEndian: true };
export const IMPLICIT_LE: Encoding = { explicitVr: false, littleEndian: true };
const EXPLICIT_BE: Encoding = { explicitVr: true, littleEndian: false };

/** Deflated explicit VR little endian. */
export const DEFLATED_UID = '1.2.840.10008.1.2.1.99';

/** Implicit VR little endian; GE's private syntax has the same layout before its pixel data. */
const IMPLICIT_UIDS: ReadonlySet<string> = new Set(['1.2.840.10008.1.2', '1.2.840.113619.5.2']);
const BIG_ENDIAN_UID = '1.2.840.10008.1.2.2';

/** A data set seldom begins with a group above this one; where the other byte order says a public group up to here, that one is right. */
const LAST_FIRST_GROUP = 0x0028;

/** The encoding that a transfer syntax stands for; every encapsulated and unknown one is explicit VR little endian. */
export function toEncoding(transferSyntaxUid: string | undefined): Encoding {
  if (transferSyntaxUid === undefined) return EXPLICIT_LE;
  if (IMPLICIT_UIDS.has(transferSyntaxUid)) return IMPLICIT_LE;
  return transferSyntaxUid === BIG_ENDIAN_UID ? EXPLICIT_BE : EXPLICIT_LE;
}

/** Corrects the declared encoding of a data set by its first element, where that cannot be what was declared. */
export function settleEncoding(window: ByteWindow, position: number, declared: Encoding): Encoding {
  const at = window.at(position, 8);
  if (at < 0) return declared;
  const group = toUint16(window.bytes, at, declared.littleEndian);
  const swapped = toUint16(window.bytes, at, !declared.littleEndian);
  const isSwapped = group > LAST_FIRST_GROUP && swapped <= LAST_FIRST_GROUP && swapped % 2 === 0 && swapped > 0;
  const littleEndian = declared.littleEndian !== isSwapped;
  const explicitVr = settleVr(window, position, isSwapped ? { ...declared, littleEndian } : declared);
  return !isSwapped && explicitVr === declared.explicitVr ? declared : { littleEndian, explicitVr };
}

/** Whether the element at a position carries a VR; the assumption stays unless the bytes contradict it. */
export function settleVr(window: ByteWindow, position: number, assumed: Encoding): boolean {
  const at = window.at(position, 8);
  if (at < 0) return assumed.explicitVr;
  const known = isKnownVr(toUint16(window.bytes, at + 4, false));
  if (assumed.explicitVr) return known || hasOddVr(window, position, assumed);
  const length = toUint32(window.bytes, at + 4, assumed.littleEndian);
  return known && position + 8 + length > window.size;
}

/** Whether an element whose VR is unknown has one all the same, or is an exception: the element after it has one. */
function hasOddVr(window: ByteWindow, position: number, assumed: Encoding): boolean {
  const head = newElementHead();
  if (!readElementHead(window, position, assumed, head) || head.vr !== 0) return true;
  return isFollowedByVr(window, head);
}

/** Applies to a file that may not be DICOM at all. */
function isProvedOddVr(window: ByteWindow, littleEndian: boolean): boolean {
  const head = newElementHead();
  if (!readElementHead(window, 0, { explicitVr: true, littleEndian }, head)) return false;
  return head.vr !== 0 && head.length > 0 && isFollowedByVr(window, head);
}

function isFollowedByVr(window: ByteWindow, head: ElementHead): boolean {
  const next = window.peek(head.valueAt + head.length, 8);
  return next !== undefined && isKnownVr(toUint16(next, 4, false));
}

/** The encoding of a file that has no preamble, or undefined where its first bytes are no element of group 0002 or 0008. */
export function guessEncoding(window: ByteWindow): Encoding | undefined {
  const at = window.at(0, 8);
  if (at < 0) return undefined;
  const bytes = window.bytes;
  const littleEndian = bytes[at + 1] === 0;
  const group = toUint16(bytes, at, littleEndian);
  if (group !== 0x0002 && group !== 0x0008) return undefined;
  const explicitVr = isKnownVr(toUint16(bytes, at + 4, false)) || isProvedOddVr(window, littleEndian);
  if (explicitVr) return { explicitVr, littleEndian };
  const length = toUint32(bytes, at + 4, littleEndian);
  return littleEndian && 8 + length <= window.size ? IMPLICIT_LE : undefined;
}
