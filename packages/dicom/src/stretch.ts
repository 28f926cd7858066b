import type { Collector } from './collect.ts';
import { isKnownVr, isLongForm } from './element.ts';
import type { Walk } from './walk-state.ts';

const UNKNOWN = 0;
const SHORT = 1;
const LONG = 2;

/** How an element with a VR goes on, by the VR as a little-endian word. */
const FORMS = Uint8Array.from({ length: 0x1_0000 }, (_, word) => {
  const vr = ((word & 0xff) << 8) | (word >> 8);
  if (!isKnownVr(vr)) return UNKNOWN;
  return isLongForm(vr) ? LONG : SHORT;
});

/** Groups from here on are no data elements of a header (items and delimiters are FFFEH). */
const FIRST_ODD_GROUP = 0x8000;

/**
 * Walks on over elements that need no thought, and returns the position of the first one that does: its value is not in the window, has an
 * undefined or odd length, its VR is unknown, its tag is not above the one before (or `above`), or is above `until`. This is where the time of reading
 * goes: no allocation, no call for an element that nobody asked for. What it passes, it passes as `walkElements` would.
 */
export function walkStretch(
  walk: Walk,
  from: number,
  goal: { readonly until: number; readonly above?: number; readonly collector?: Collector },
) {
  const { window, encoding } = walk;
  const { words } = window;
  const offset = from - window.start;
  if (words === undefined || !encoding.littleEndian || offset < 0 || offset % 2 !== 0) return from;
  if (walk.elementsLeft < words.length) return from;
  const { until, collector } = goal;
  const { explicitVr } = encoding;
  const wanted = collector?.index.tags ?? NONE;
  const end = (window.end - window.start) >> 1;
  let next = offset >> 1;
  let at = next;
  let before = goal.above ?? 0;
  let slot = 0;
  let wantedTag = wanted[0] ?? 0;
  let count = 0;
  let groups = 0;
  for (; next + 6 <= end; count++) {
    at = next;
    const group = words[at] as number;
    const tag = (group << 16) | (words[at + 1] as number);
    if (group >= FIRST_ODD_GROUP || tag <= before || tag > until) break;
    let length: number;
    let valueAt = at + 4;
    if (explicitVr) {
      const form = FORMS[words[at + 2] as number];
      if (form === SHORT) length = words[at + 3] as number;
      else if (form === LONG) {
        length = (words[at + 4] as number) + (words[at + 5] as number) * 0x1_0000;
        valueAt = at + 6;
      } else break;
    } else length = (words[at + 2] as number) + (words[at + 3] as number) * 0x1_0000;
    const after = valueAt + length / 2;
    if (length % 2 !== 0 || after > end) break;
    while (wantedTag < tag) wantedTag = wanted[++slot] as number;
    if (wantedTag === tag) {
      if (length > walk.limits.valueBytes) break;
      collector?.take(slot, window, explicitVr ? (words[at + 2] as number) : 0, valueAt, after);
    }
    before = tag;
    groups |= group;
    next = after;
  }
  walk.elementsLeft -= count;
  if (groups % 2 === 1) walk.hasPrivate = true;
  return window.start + next * 2;
}

const NONE = Int32Array.of(0x7fff_ffff);
