import { IN, IN_ISDIR } from '@sendit/model';
import type { InotifyRecord } from '../inotify/record-queue.ts';
import type { DirNode } from './dir-node.ts';
import type { DirTree } from './dir-tree.ts';
import type { EventWriter } from './event-writer.ts';
import { type Move, Moves } from './moves.ts';
import type { Scanner } from './scanner.ts';
import type { Settler } from './settler.ts';
import { READING } from './reading.ts';

const ARRIVALS = IN.IN_CREATE | IN.IN_MOVED_TO;
const DEPARTURES = IN.IN_DELETE | IN.IN_MOVED_FROM;

export interface EngineDeps {
  readonly tree: DirTree;
  readonly writer: EventWriter;
  readonly scanner: Scanner;
  readonly settler: Settler;
  readonly onOverflow: () => void;
  readonly onRootLost: () => void;
  readonly onUnmount: (node: DirNode) => void;
  /** A permission may have changed. */
  readonly onAttrib: () => void;
}

/** Follows the tree by the kernel's records, in their order, and writes the events they stand for. */
export class TreeEngine {
  readonly #deps: EngineDeps;
  readonly #moves = new Moves();

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  handle(record: InotifyRecord): void {
    const { wd, mask, key } = record;
    if (wd === -1) return this.#deps.onOverflow();
    const { scanner, tree } = this.#deps;
    const node = tree.byWd.get(wd);
    if (node === undefined) {
      if (!scanner.pass(wd)) scanner.hold(record);
      return;
    }
    if (mask & IN.IN_IGNORED) return this.#ignored(node);
    if (this.#moves.size > 0 && this.#hold(node, record)) return;
    if (key === '') return this.#self(node, mask);
    if (node.told !== undefined) this.#tellFirst(node, node.told, record);
    this.#entry(node, record);
  }

  /** Gives up on moves whose target is outside; when the next is due, undefined when none waits. */
  expire(now: number): number | undefined {
    for (const { node } of this.#moves.expired(now))
      if (node !== undefined && !node.dead) this.#deps.settler.drop(node);
    return this.#moves.nextDue;
  }

  /** Forgets moves under way: after an overflow the other halves may be lost. */
  reset(): void {
    this.expire(Number.POSITIVE_INFINITY);
  }

  /** Reports IN_CREATE before other events of an entry that existed before its directory was watched. */
  #tellFirst(node: DirNode, told: Set<string>, { mask, key }: InotifyRecord): void {
    if (!(mask & ARRIVALS) && !told.has(key)) {
      this.#deps.settler.announce(node, key, (mask & IN_ISDIR) !== 0);
      node.touched?.add(key);
    }
    if (mask & DEPARTURES) told.delete(key);
    else told.add(key);
  }

  #entry(node: DirNode, record: InotifyRecord): void {
    const { mask, key } = record;
    if (mask & (ARRIVALS | DEPARTURES)) node.touched?.add(key);
    const isDir = (mask & IN_ISDIR) !== 0;
    if (mask & IN.IN_CREATE) return this.#created(node, record, isDir);
    if (mask & IN.IN_MOVED_TO) return this.#arrived(node, record, isDir);
    if (mask & IN.IN_MOVED_FROM) return this.#left(node, record, isDir);
    if (mask & IN.IN_DELETE) return this.#deleted(node, record, isDir);
    if (isDir && mask & READING && (node.children?.get(key)?.visits ?? 0) > 0) return;
    if (isDir && mask & IN.IN_ATTRIB) this.#deps.onAttrib();
    this.#deps.writer.write(node, mask, key);
  }

  #created(node: DirNode, { key, mask }: InotifyRecord, isDir: boolean): void {
    const { scanner, tree, writer } = this.#deps;
    const known = isDir ? node.children?.get(key) : undefined;
    if (known !== undefined) {
      // Told already, unless it is another directory by now: a visit sees to that.
      tree.doubt(known);
      return scanner.push(known);
    }
    if (!isDir && node.files !== undefined) {
      if (node.files.has(key)) return;
      node.files.add(key);
    }
    writer.write(node, mask, key);
    if (isDir) scanner.discover(tree.add(node, key));
  }

  #arrived(node: DirNode, { key, mask, cookie, heardAt }: InotifyRecord, isDir: boolean): void {
    const { scanner, writer } = this.#deps;
    const move = this.#moves.take(cookie);
    const from = move === undefined ? {} : { srcPathname: move.srcPathname };
    writer.write(node, mask, key, { cookie, heardAt, ...from });
    if (isDir) this.#place(node, key, move);
    else node.files?.add(key);
    if (move?.node === undefined) return;
    scanner.unpark();
    for (const held of move.held ?? []) this.handle(held);
  }

  #place(node: DirNode, key: string, move: Move | undefined): void {
    const { tree, scanner, settler } = this.#deps;
    const replaced = node.children?.get(key);
    const moved = move?.node;
    if (replaced !== undefined) settler.drop(replaced);
    if (moved === undefined || moved.dead) return scanner.discover(tree.add(node, key));
    tree.attach(moved, node, key);
    if (!moved.listed || moved.deep) scanner.discover(moved);
  }

  #left(node: DirNode, { key, mask, cookie }: InotifyRecord, isDir: boolean): void {
    const { tree, writer } = this.#deps;
    const child = isDir ? node.children?.get(key) : undefined;
    const srcPathname = writer.pathname(node, key);
    node.files?.delete(key);
    writer.write(node, mask, key, { cookie });
    if (child !== undefined) tree.detach(child);
    this.#moves.add({ cookie, srcPathname, node: child });
  }

  #deleted(node: DirNode, { key, mask }: InotifyRecord, isDir: boolean): void {
    const { settler, writer } = this.#deps;
    if (isDir) {
      const child = node.children?.get(key);
      if (child === undefined) return;
      settler.drop(child);
    } else if (node.files !== undefined && !node.files.delete(key)) return;
    writer.write(node, mask, key);
  }

  #self(node: DirNode, mask: number): void {
    const { tree, writer } = this.#deps;
    if (mask & IN.IN_ATTRIB) this.#deps.onAttrib();
    if (mask & IN.IN_UNMOUNT) return this.#deps.onUnmount(node);
    if (node !== tree.root) {
      if (mask & (IN.IN_DELETE_SELF | IN.IN_MOVE_SELF)) writer.write(node, mask, '');
      return;
    }
    if (mask & READING && node.visits > 0) return;
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
    this.#moves.hold(top, record);
    return true;
  }
}
