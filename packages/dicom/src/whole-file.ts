import { ITEM, SEQUENCE_DELIMITER, UNDEFINED_LENGTH, type ElementHead } from './element.ts';
import { newElementHead, readElementHead } from './element-head.ts';
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
  const { head, position } = end;
  const isWhole = head.length === UNDEFINED_LENGTH ? hasAllFragments(walk, head) : endsInside(walk, head);
  if (isWhole === undefined) return { kind: 'unchecked', pixelDataAt: position };
  return isWhole ? { kind: 'whole', pixelDataAt: position } : { kind: 'truncated', at: walk.window.size };
}

function endsInside({ window }: Walk, head: ElementHead): boolean {
  return head.valueAt + head.length <= window.size;
}

/** Undefined where a limit came before the answer. Few files need the walk: those with something behind the delimiter. */
function hasAllFragments(walk: Walk, pixelData: ElementHead): boolean | undefined {
  return endsWithDelimiter(walk, pixelData) || endsAfterFragments(walk, pixelData.valueAt);
}

/** Walks from fragment to fragment to the delimiter, whatever length that declares, and whatever follows it. */
function endsAfterFragments(walk: Walk, from: number): boolean | undefined {
  const head = newElementHead();
  let position = from;
  while (readElementHead(walk.window, position, walk.encoding, head)) {
    if (head.tag === SEQUENCE_DELIMITER) return true;
    if (walk.elementsLeft-- <= 0) return undefined;
    if (head.tag !== ITEM) return false;
    position = head.valueAt + head.length;
  }
  return false;
}

/** Looks no further back than the pixel data: sequences before it end in the same bytes. */
function endsWithDelimiter({ window }: Walk, head: ElementHead): boolean {
  const length = Math.min(TAIL_BYTES, window.size - head.valueAt);
  return window.copy(window.size - length, length)?.includes(DELIMITER) ?? false;
}
