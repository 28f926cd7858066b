import type { InotifyRecord } from '../inotify/record-queue.ts';
import type { DirNode } from './dir-node.ts';

/** After this time a move without a target has left the tree. */
const MOVE_MS = 20;

/** Records of a directory on its way between two places, kept until it arrives; if more come, it is compared with the disk then. */
const MAX_HELD = 4096;

/** An entry that has left its place and may arrive at another. */
export interface Move {
  readonly cookie: number;
  readonly srcPathname: string;
  /** The directory, if it is a known one. */
  readonly node: DirNode | undefined;
  readonly since: number;
  held: InotifyRecord[] | undefined;
}

/** The moves of which one record has come. */
export class Moves {
  /** By cookie, oldest first. */
  readonly #moves = new Map<number, Move>();

  get size(): number {
    return this.#moves.size;
  }

  add({ cookie, srcPathname, node }: Pick<Move, 'cookie' | 'srcPathname' | 'node'>): void {
    this.#moves.set(cookie, { cookie, srcPathname, node, since: performance.now(), held: undefined });
  }

  /** The move that arrives with this cookie; undefined when it began outside, or too long ago. */
  take(cookie: number): Move | undefined {
    const move = this.#moves.get(cookie);
    this.#moves.delete(cookie);
    return move;
  }

  /** Keeps a record of a branch that is under way. */
  hold(top: DirNode, record: InotifyRecord): void {
    for (const move of this.#moves.values()) {
      if (move.node !== top) continue;
      move.held ??= [];
      if (move.held.length < MAX_HELD) move.held.push(record);
      else top.deep = true;
    }
  }

  /** Takes the moves that have not arrived in time. */
  *expired(now: number): Generator<Move, void, void> {
    for (const move of this.#moves.values()) {
      if (move.since + MOVE_MS > now) return;
      this.#moves.delete(move.cookie);
      yield move;
    }
  }

  /** When the next one expires. */
  get nextDue(): number | undefined {
    for (const { since } of this.#moves.values()) return since + MOVE_MS;
    return undefined;
  }
}
