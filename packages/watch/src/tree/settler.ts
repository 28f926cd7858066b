import { IN, IN_ISDIR } from '@sendit/model';
import type { InotifyRecord } from '../inotify/record-queue.ts';
import { toDifference } from './difference.ts';
import type { DirNode } from './dir-node.ts';
import type { DirTree } from './dir-tree.ts';
import type { EventWriter } from './event-writer.ts';
import type { Listing } from './list-directory.ts';
import type { Scanner } from './scanner.ts';
import type { Trouble } from './trouble.ts';
import type { HeldRecords } from './unproven-watches.ts';
import type { Visit } from './visit.ts';
import type { Visitor } from './visitor.ts';

export interface SettlerDeps {
  readonly tree: DirTree;
  readonly writer: EventWriter;
  readonly visitor: Visitor;
  readonly trouble: Trouble;
  /** Every directory keeps its files, whether it is watched or not. */
  readonly polled: boolean;
  readonly scanner: () => Scanner;
  /** Handles a record that was kept until its directory was proven. */
  readonly replay: (record: InotifyRecord) => void;
  /** The root is not there any more, or another one is. */
  readonly onRootLost: () => void;
}

/** Takes over what a visit found, once its barrier has passed: gives the directory its watch, and tells what no record told. */
export class Settler {
  /** Reported by a listing although an event should have told. */
  found = 0;
  readonly #deps: SettlerDeps;

  constructor(deps: SettlerDeps) {
    this.#deps = deps;
  }

  settle(visit: Visit): void {
    const { node, held } = visit;
    const { tree, visitor } = this.#deps;
    const isOwn = held === undefined || (visitor.unproven.close(held) && !held.overrun);
    if (isOwn && tree.isSteady(node, visit.since)) this.#accept(visit);
    else {
      visitor.release(visit.wd);
      this.#deps.scanner().push(node);
    }
    node.visits = Math.max(0, node.visits - 1);
    if (node.visits === 0) node.touched = undefined;
  }

  /** Tells of an entry that no record told of. */
  announce(node: DirNode, key: string, isDir: boolean): void {
    this.#deps.writer.write(node, isDir ? IN.IN_CREATE | IN_ISDIR : IN.IN_CREATE, key);
    if (!isDir) node.files?.add(key);
    else if (node.children?.has(key) !== true) this.#deps.scanner().push(this.#deps.tree.add(node, key));
  }

  /** Forgets a branch and its watches. */
  drop(node: DirNode): void {
    const { tree, visitor, scanner } = this.#deps;
    tree.drop(node, (wd) => visitor.release(wd));
    // What waits for a branch to arrive or to leave may go on.
    scanner().unpark();
  }

  /** Gives up a watch that has no place in the tree. */
  release(wd: number): void {
    this.#deps.visitor.release(wd);
  }

  #accept(visit: Visit): void {
    const { node, wd, held, listed } = visit;
    if (visit.refusal !== undefined) return this.#refused(visit, visit.refusal);
    if (held === undefined && wd !== node.wd) return this.#another(visit);
    if (typeof listed === 'string') return this.#refused(visit, listed);
    if (held !== undefined) this.#bind(node, held);
    if (node.wd !== wd) return;
    if (listed !== undefined) this.#compare(node, listed);
    const { trouble, polled, visitor, scanner } = this.#deps;
    if (trouble.recovered(node) && !polled) node.files = undefined;
    node.wide ||= visitor.widen(node);
    if (!node.wide) scanner().push(node);
  }

  #refused({ node, wd, listed }: Visit, code: string): void {
    const { tree, trouble, visitor, scanner, onRootLost } = this.#deps;
    if (wd !== node.wd) visitor.release(wd);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') {
      if (node === tree.root) return onRootLost();
      return this.#miss(node);
    }
    if (trouble.refused(node, code)) {
      if (typeof listed === 'object') this.#compare(node, listed);
      return;
    }
    // What happened in it meanwhile is found by listing once it is readable.
    node.deep = true;
    if (visitor.watchesAttrib) return;
    // From now on a change of permissions, here or above, is an event, and the time to try again.
    visitor.watchesAttrib = true;
    scanner().push(tree.root, true);
  }

  /** The path leads to a directory that has a place already, or to one that has taken the name of a known one. */
  #another({ node, wd }: Visit): void {
    const { tree, visitor, scanner, onRootLost } = this.#deps;
    const { parent, key } = node;
    if (node.wd !== -1) {
      visitor.release(wd);
      if (parent === undefined) return onRootLost();
      this.#miss(node);
      this.found += 1;
      return this.announce(parent, key, true);
    }
    const holder = tree.byWd.get(wd);
    if (holder === undefined) return scanner().push(node);
    if (!tree.isPlaced(holder)) return scanner().park(node);
    if (visitor.isAt(holder, wd)) {
      // It shows in two places: a bind mount. It is watched in the first.
      node.listed = true;
      return;
    }
    // It has left that place, and no record says so.
    scanner().push(holder);
    if (holder.parent !== undefined) scanner().push(holder.parent, true);
    scanner().park(node);
  }

  /** Gives a directory its watch, and handles what happened in it meanwhile. */
  #bind(node: DirNode, { wd, records }: HeldRecords): void {
    const { tree, replay } = this.#deps;
    tree.watch(node, wd);
    if (records.length === 0) return;
    node.touched = new Set();
    if (!node.listed) node.told = new Set();
    for (const record of records) replay(record);
    node.told = undefined;
  }

  #compare(node: DirNode, listing: Listing): void {
    const { scanner, writer } = this.#deps;
    const { deep, listed: wasKnown } = node;
    const { goneDirs, goneFiles, newDirs, newFiles } = toDifference(node, listing, node.touched ?? NOTHING);
    node.deep = false;
    node.listed = true;
    for (const child of goneDirs) this.#miss(child);
    for (const key of goneFiles) {
      node.files?.delete(key);
      writer.write(node, IN.IN_DELETE, key);
    }
    for (const key of newDirs) this.announce(node, key, true);
    for (const key of newFiles) this.announce(node, key, false);
    if (wasKnown) this.found += newDirs.length + newFiles.length + goneFiles.length;
    for (const child of node.children?.values() ?? []) {
      if (deep || child.files !== undefined) scanner().push(child, deep);
    }
  }

  /** The directory is not there, and no record said so. */
  #miss(node: DirNode): void {
    const { parent, key } = node;
    if (parent === undefined) return;
    this.found += 1;
    this.drop(node);
    this.#deps.writer.write(parent, IN.IN_DELETE | IN_ISDIR, key);
  }
}

const NOTHING: ReadonlySet<string> = new Set();
