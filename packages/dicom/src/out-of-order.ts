import { isKnownVr, toUint16, toUint32, UNDEFINED_LENGTH, type ElementHead } from './element.ts';
import type { Walk } from './walk-state.ts';

const FIRST_GROUP = 0x0002;
const PIXEL_GROUP = 0x7fe0;

/**
 * Whether an element beyond the last attribute asked for stands where it does not belong, since one of a tag up to there follows: its
 * tag is damaged, or somebody inserted it. Elements come in ascending order (PS3.5 §7.1), so that reading could end at it otherwise.
 */
export function isOutOfOrder({ window, encoding }: Walk, head: ElementHead, last: number): boolean {
  if (head.length === UNDEFINED_LENGTH || head.tag >>> 16 === PIXEL_GROUP) return false;
  const next = head.valueAt + head.length;
  // Asked of each file: no object is made for what is in the window.
  const index = window.indexOf(next, 8);
  const at = Math.max(index, 0);
  const bytes = index < 0 ? window.copy(next, 8) : window.bytes;
  if (bytes === undefined) return false;
  const { explicitVr, littleEndian } = encoding;
  const group = toUint16(bytes, at, littleEndian);
  const tag = group * 0x1_0000 + toUint16(bytes, at + 2, littleEndian);
  if (group < FIRST_GROUP || tag > last) return false;
  if (explicitVr) return isKnownVr(toUint16(bytes, at + 4, false));
  return next + 8 + toUint32(bytes, at + 4, littleEndian) <= window.size;
}
