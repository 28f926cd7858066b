import type { ByteWindow } from './byte-window.ts';
import { type ElementHead, type Encoding, ITEM, isLongForm, isShortForm, toUint16, toUint32 } from './element.ts';
import { readOddHead } from './odd-head.ts';

/** An unset head, to be filled by {@link readElementHead}. */
export function newElementHead(): ElementHead {
  return { tag: 0, vr: 0, length: 0, valueAt: 0 };
}

/**
 * Reads tag, VR and length at a position into `head`; false where the source ends before. Items and delimiters have no VR in any encoding.
 * Where two bytes of an explicit data set name no VR, {@link readOddHead} says how the element goes on.
 */
export function readElementHead(window: ByteWindow, position: number, encoding: Encoding, head: ElementHead): boolean {
  const at = window.at(position, 8);
  if (at < 0) return false;
  const bytes = window.bytes;
  const le = encoding.littleEndian;
  const group = toUint16(bytes, at, le);
  head.tag = group * 0x1_0000 + toUint16(bytes, at + 2, le);
  head.valueAt = position + 8;
  if (!encoding.explicitVr || group === 0xfffe) {
    head.vr = 0;
    head.length = toUint32(bytes, at + 4, le);
    return true;
  }
  head.vr = toUint16(bytes, at + 4, false);
  if (isShortForm(head.vr)) {
    head.length = toUint16(bytes, at + 6, le);
    return true;
  }
  if (!isLongForm(head.vr)) return readOddHead(window, position, le, head);
  const long = window.at(position, 12);
  if (long < 0) return false;
  head.length = toUint32(window.bytes, long + 8, le);
  head.valueAt = position + 12;
  return true;
}

/** Whether a tag is that of an item or a delimiter. */
export function isItemTag(tag: number): boolean {
  return tag >= 0xfffe_0000 && tag <= 0xfffe_ffff;
}

/** A stray item is skipped with its content: the content belongs to a sequence, its UIDs are not the file's. */
export function toStrayLength(head: ElementHead, size: number): number {
  return head.tag === ITEM && head.valueAt + head.length <= size ? head.length : 0;
}
