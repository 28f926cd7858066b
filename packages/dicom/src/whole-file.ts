import { type ElementHead, UNDEFINED_LENGTH } from './element.ts';
import { type WalkGoal, walkElements } from './walk.ts';
import type { Walk } from './walk-state.ts';

const PIXEL_DATA = [0x7fe0_0008, 0x7fe0_0009, 0x7fe0_0010];
const TO_PIXEL_DATA: WalkGoal = {
  until: 0x7fe0_0007,
  visit: (head) => (PIXEL_DATA.includes(head.tag) ? 'stop' : undefined),
};
const TAIL_BYTES = 256;

/** Sequence delimiter with its length of zero, little endian, as all encapsulated pixel data ends (PS3.5 §A.4). */
const DELIMITER = Buffer.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0);

/** Whether a file holds all that its lengths declare; `unchecked` where a limit came before the answer. */
export type Extent =
  | { readonly kind: 'whole' | 'unchecked'; readonly pixelDataAt: number | null }
  | { readonly kind: 'truncated'; readonly at: number };

/** Walks on from an element to the pixel data and compares its declared length with the size; the pixels are not read. */
export function checkExtent(walk: Walk, from: number): Extent {
  const end = walkElements(walk, from, TO_PIXEL_DATA);
  if (end.kind === 'end') return { kind: 'whole', pixelDataAt: null };
  if (end.kind === 'truncated') return end;
  if (end.kind === 'limit') return { kind: 'unchecked', pixelDataAt: null };
  const isWhole = end.head.length === UNDEFINED_LENGTH ? endsWithDelimiter(walk, end.head) : endsInside(walk, end.head);
  return isWhole ? { kind: 'whole', pixelDataAt: end.position } : { kind: 'truncated', at: walk.window.size };
}

function endsInside({ window }: Walk, head: ElementHead): boolean {
  return head.valueAt + head.length <= window.size;
}

/** Looks no further back than the pixel data: sequences before it end in the same bytes. */
function endsWithDelimiter({ window }: Walk, head: ElementHead): boolean {
  const length = Math.min(TAIL_BYTES, window.size - head.valueAt);
  return window.copy(window.size - length, length)?.includes(DELIMITER) ?? false;
}
