import type { Collector } from './collect.ts';
import {
  type Encoding,
  ITEM,
  ITEM_DELIMITER,
  SEQUENCE_DELIMITER,
  UNDEFINED_LENGTH,
  VR_UN,
  type ElementHead,
} from './element.ts';
import { isItemTag, newElementHead, readElementHead, toStrayLength } from './element-head.ts';
import { IMPLICIT_LE, settleVr } from './encoding.ts';
import type { HeaderLimits } from './header-limits.ts';
import { walkStretch } from './stretch.ts';
import type { Visit, Walk } from './walk-state.ts';

/** Where a walk ended: at the first element that its visitor refused, at the end of the bytes, in the middle of one, or at a limit. */
export type WalkEnd =
  | { readonly kind: 'stopped'; readonly head: ElementHead; readonly position: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'truncated'; readonly at: number }
  | { readonly kind: 'limit'; readonly limit: keyof HeaderLimits };

/** The purpose of a walk. */
export interface WalkGoal {
  /** The visitor has nothing to say about tags after `above` and up to `until`, but to give those asked for to `collector`. */
  readonly until: number;
  /** 0 by default. */
  readonly above?: number;
  readonly collector?: Collector;
  readonly visit: Visit;
}

const END_OF_BYTES = -1;
const TOO_DEEP = -2;
const TOO_MANY = -3;

/**
 * Walks top-level elements from a position, skipping values by their length. Every step moves forward by at least eight bytes or ends,
 * whatever the bytes are. Stray items and delimiters between elements are skipped; a zero tag is padding after the last element.
 */
export function walkElements(walk: Walk, from: number, goal: WalkGoal): WalkEnd {
  const { window, encoding } = walk;
  const head = newElementHead();
  let position = from;
  while (position < window.size) {
    position = walkStretch(walk, position, goal);
    if (position >= window.size) break;
    if (!readElementHead(window, position, encoding, head)) return { kind: 'truncated', at: position };
    if (walk.elementsLeft-- <= 0) return { kind: 'limit', limit: 'elements' };
    if (head.tag === 0 && head.length === 0) return { kind: 'end' };
    if (isItemTag(head.tag)) {
      position = head.valueAt + toStrayLength(head, window.size);
      continue;
    }
    if (head.tag % 0x2_0000 >= 0x1_0000) walk.hasPrivate = true;
    const verdict = goal.visit(head);
    if (verdict === 'stop') return { kind: 'stopped', head, position };
    if (verdict !== undefined) return { kind: 'limit', limit: verdict };
    const next = toNext(walk, head);
    if (next < 0) return toWalkEnd(next, window.size);
    position = next;
  }
  return { kind: 'end' };
}

function toNext(walk: Walk, head: ElementHead): number {
  if (head.length === UNDEFINED_LENGTH) return skipItems(walk, head, walk.encoding, 1);
  const next = head.valueAt + head.length;
  return next > walk.window.size ? END_OF_BYTES : next;
}

function toWalkEnd(code: number, size: number): WalkEnd {
  if (code === END_OF_BYTES) return { kind: 'truncated', at: size };
  return { kind: 'limit', limit: code === TOO_DEEP ? 'depth' : 'elements' };
}

/** Position after a value of undefined length, or a negative code. What is not an item ends the sequence: its delimiter is missing. */
function skipItems(walk: Walk, owner: ElementHead, outer: Encoding, depth: number): number {
  if (depth > walk.limits.depth) return TOO_DEEP;
  const encoding = owner.vr === VR_UN ? IMPLICIT_LE : outer;
  const head = newElementHead();
  let position = owner.valueAt;
  for (;;) {
    if (!readElementHead(walk.window, position, encoding, head)) return END_OF_BYTES;
    if (walk.elementsLeft-- <= 0) return TOO_MANY;
    if (head.tag === SEQUENCE_DELIMITER) return head.valueAt;
    if (head.tag === ITEM_DELIMITER) position = head.valueAt;
    else if (head.tag !== ITEM) return position;
    else if (head.length !== UNDEFINED_LENGTH) position = head.valueAt + head.length;
    else position = skipItem(walk, head.valueAt, encoding, depth);
    if (position < 0) return position;
    if (position > walk.window.size) return END_OF_BYTES;
  }
}

/** Position after an item of undefined length, or a negative code. */
function skipItem(walk: Walk, from: number, outer: Encoding, depth: number): number {
  const { window } = walk;
  const encoding = { ...outer, explicitVr: settleVr(window, from, outer) };
  const head = newElementHead();
  let position = from;
  for (;;) {
    if (!readElementHead(window, position, encoding, head)) return END_OF_BYTES;
    if (walk.elementsLeft-- <= 0) return TOO_MANY;
    if (head.tag === ITEM_DELIMITER) return head.valueAt;
    if (isItemTag(head.tag)) return position;
    position =
      head.length === UNDEFINED_LENGTH ? skipItems(walk, head, encoding, depth + 1) : head.valueAt + head.length;
    if (position < 0) return position;
    if (position > window.size) return END_OF_BYTES;
  }
}
