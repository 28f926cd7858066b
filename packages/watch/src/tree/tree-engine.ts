import { IN, IN_ISDIR } from '@sendit/model';
import type { InotifyRecord } from '../inotify/record-queue.ts';
import { type DirNode, PENDING } from './dir-node.ts';
import type { DirTree } from './dir-tree.ts';
import type { EventWriter } from './event-writer.ts';
import { READING, type Scanner } from './scanner.ts';

/** After this time a move without a target has left the tree. */
const MOVE_MS = 20;

/** Records of a directory on its way between two places, kept until it arrives. */
const MAX_HELD = 4096;

/** What the engine works on. */
export interface EngineDeps {
  readonly tree: DirTree;
  readonly writer: EventWriter;
  readonly scanner: Scanner;
  readonly onOverflow: () => void;
  readonly onRootLost: () => void;
  readonly onUnmount: (node: DirNode) => void;
  /** A permission may have changed. */
  readonly onAttrib: () => void;
}

interface Move {
  readonly cookie: number;
  readonly srcPathname: string;
  readonly node: DirNode | undefined;
  /** Two directories may have had the name: look which one arrived. */
  readonly uncertain: boolean;
  readonly since: number;
  readonly held: InotifyRecord[];
}

/** Follows the tree by the kernel's records, in their order, and writes the events they stand for. */
export class TreeEngine {
  readonly #deps: EngineDeps;
  /** By cookie, oldest first. */
  readonly #moves = new Map<number, Move>();

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  handle(record: InotifyRecord): void {
    const { wd, mask } = record;
    if (wd === -1) return this.#deps.onOverflow();
    if (this.#deps.scanner.pass(wd)) return;
    const node = this.#deps.tree.byWd.get(wd);
    if (node === undefined) return;
    if (mask & IN.IN_IGNORED) return this.#ignored(node);
    if (this.#moves.size > 0 && this.#hold(node, record)) return;
    if (record.name === '') return this.#self(node, mask);
    const key = toKey(record);
    if (node.pending === undefined && node.parent?.pending === undefined) this.#entry(node, key, record);
    else {
      this.#deps.scanner.announceAbove(node);
      this.#entry(node, key, record);
    }
  }

  /** Gives up on moves whose target is outside; milliseconds until the next is due, undefined when none waits. */
  expire(now: number): number | undefined {
    for (const move of this.#moves.values()) {
      const left = move.since + MOVE_MS - now;
      if (left > 0) return left;
      this.#moves.delete(move.cookie);
      if (move.node === undefined || move.node.dead) continue;
      if (move.node.parent === undefined) {
        this.#deps.scanner.drop(move.node);
        // It may have been taken for the directory that has its old name now, which waits.
        this.#deps.scanner.unpark();
      }
      // A scan found it in a new place, whose own record does not come.
      else for (const held of move.held) this.handle(held);
    }
    return undefined;
  }

  /** Forgets moves under way: after an overflow the other halves may be lost. */
  reset(): void {
    this.expire(Number.POSITIVE_INFINITY);
  }

  #entry(node: DirNode, key: string, record: InotifyRecord): void {
    const { mask } = record;
    const isDir = (mask & IN_ISDIR) !== 0;
    if (mask & IN.IN_CREATE) return this.#created(node, key, isDir, record.mask);
    if (mask & IN.IN_MOVED_TO) return this.#arrived(node, key, isDir, record);
    if (mask & IN.IN_MOVED_FROM) return this.#left(node, key, isDir, record);
    if (mask & IN.IN_DELETE) return this.#deleted(node, key, isDir, record.mask);
    const child = isDir ? node.children?.get(key) : undefined;
    if (mask & READING && child?.ownReads === true) return;
    this.#deps.scanner.announce(node, key);
    if (isDir && mask & IN.IN_ATTRIB) this.#deps.onAttrib();
    this.#deps.writer.write(node, mask, key);
  }

  #created(node: DirNode, key: string, isDir: boolean, mask: number): void {
    const { scanner, tree, writer } = this.#deps;
    const wasPending = this.#meetPending(node, key);
    if (!isDir) {
      if (node.files !== undefined && !wasPending && node.files.has(key)) return;
      node.files?.add(key);
      return writer.write(node, mask, key);
    }
    const known = node.children?.get(key);
    if (known !== undefined && !wasPending) {
      // Told already, unless it is another directory by now: a visit sees to that.
      scanner.push(known);
      return;
    }
    if (known === undefined) scanner.push(tree.add(node, key));
    writer.write(node, mask, key);
  }

  #arrived(node: DirNode, key: string, isDir: boolean, record: InotifyRecord): void {
    const { scanner, writer } = this.#deps;
    const { cookie, mask } = record;
    const told = isTold(node, key);
    this.#meetPending(node, key);
    const move = this.#moves.get(cookie);
    this.#moves.delete(cookie);
    if (isDir) this.#place(node, key, move);
    else node.files?.add(key);
    const src = move === undefined ? {} : { srcPathname: move.srcPathname };
    if (!told) writer.write(node, mask, key, { cookie, ...src });
    if (move === undefined) return;
    scanner.unpark();
    for (const held of move.held) this.handle(held);
  }

  #place(node: DirNode, key: string, move: Move | undefined): void {
    const { tree, scanner } = this.#deps;
    const known = node.children?.get(key);
    const moved = move?.node;
    if (moved === undefined || moved.dead) {
      scanner.push(known ?? tree.add(node, key));
      return;
    }
    if (known === moved) return;
    if (known !== undefined) scanner.drop(known);
    tree.detach(moved);
    tree.attach(moved, node, key);
    if (move?.uncertain === true || !moved.listed) scanner.push(moved);
  }

  #left(node: DirNode, key: string, isDir: boolean, { cookie, mask }: InotifyRecord): void {
    const { tree, writer } = this.#deps;
    const told = isTold(node, key);
    const wasFound = this.#tell(node, key);
    node.files?.delete(key);
    if (!told) writer.write(node, mask, key, { cookie });
    const child = isDir ? node.children?.get(key) : undefined;
    const srcPathname = writer.pathname(node, key);
    const uncertain = wasFound || child?.unsure === true;
    if (child !== undefined) {
      tree.detach(child);
      child.leftFrom = srcPathname;
    }
    const since = performance.now();
    this.#moves.set(cookie, { cookie, srcPathname, node: child, uncertain, since, held: [] });
  }

  #deleted(node: DirNode, key: string, isDir: boolean, mask: number): void {
    const { scanner, writer } = this.#deps;
    const wasPending = this.#tell(node, key);
    if (isDir) {
      const child = node.children?.get(key);
      if (child !== undefined) scanner.drop(child);
    } else if (node.files !== undefined && !node.files.delete(key) && !wasPending) return;
    writer.write(node, mask, key);
  }

  /** Before an arrival: what was found is told by it; what was missed is told first. True when it was found. */
  #meetPending(node: DirNode, key: string): boolean {
    const bits = node.pending?.get(key);
    if (bits === undefined || bits & PENDING.TOLD) return this.#clear(node, key);
    if (bits & PENDING.GONE) {
      this.#deps.scanner.announce(node, key);
      return false;
    }
    node.pending?.delete(key);
    return true;
  }

  /** Before a departure: what is known to be gone is told by it; what was found is told first. True when something was pending. */
  #tell(node: DirNode, key: string): boolean {
    const bits = node.pending?.get(key);
    if (bits === undefined || bits & PENDING.TOLD) return this.#clear(node, key);
    if (bits & PENDING.GONE) node.pending?.delete(key);
    else this.#deps.scanner.announce(node, key);
    return true;
  }

  #clear(node: DirNode, key: string): false {
    node.pending?.delete(key);
    return false;
  }

  #self(node: DirNode, mask: number): void {
    const { tree, writer } = this.#deps;
    if (mask & IN.IN_ATTRIB) this.#deps.onAttrib();
    if (mask & IN.IN_UNMOUNT) return this.#deps.onUnmount(node);
    if (node !== tree.root) {
      if (mask & (IN.IN_DELETE_SELF | IN.IN_MOVE_SELF)) writer.write(node, mask, '');
      return;
    }
    if (mask & READING && node.ownReads) return;
    if (mask & (IN.IN_DELETE_SELF | IN.IN_MOVE_SELF)) writer.writeRoot(mask);
    else writer.write(node, mask, '');
    if (mask & IN.IN_MOVE_SELF) this.#deps.onRootLost();
  }

  #ignored(node: DirNode): void {
    this.#deps.tree.byWd.delete(node.wd);
    if (node === this.#deps.tree.root) return this.#deps.onRootLost();
    node.wd = -1;
  }

  /** Keeps the records of what is between two places; true when kept. */
  #hold(node: DirNode, record: InotifyRecord): boolean {
    const top = this.#deps.tree.topOf(node);
    if (top === this.#deps.tree.root) return false;
    for (const move of this.#moves.values()) {
      if (move.node !== top) continue;
      if (move.held.length < MAX_HELD) move.held.push(record);
      return true;
    }
    return true;
  }
}

/** A scan has told of this move. */
function isTold(node: DirNode, key: string): boolean {
  return ((node.pending?.get(key) ?? 0) & PENDING.TOLD) !== 0;
}

function toKey({ name, rawName }: InotifyRecord): string {
  if (rawName !== undefined) return Buffer.from(rawName).toString('latin1');
  return /^[\0-\x7f]*$/u.test(name) ? name : Buffer.from(name, 'utf8').toString('latin1');
}
