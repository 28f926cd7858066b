import type { InotifyRecord } from '../inotify/record-queue.ts';
import type { DirNode } from './dir-node.ts';
import type { DirTree } from './dir-tree.ts';
import type { Kernel } from './kernel.ts';
import type { Listed } from './list-directory.ts';
import type { Visit } from './visit.ts';
import type { Visitor } from './visitor.ts';

/** Found names that wait for a barrier before records are handled first: this and one directory more is the bound on them. */
const MAX_UNSENT = 4096;

export interface ScannerDeps {
  readonly tree: DirTree;
  readonly kernel: Kernel | undefined;
  readonly visitor: Visitor;
  /** All records of what happened before the visit are handled: what it found is true, or has to be looked for again. */
  readonly settle: (visit: Visit) => void;
}

/**
 * Visits directories, and has barriers prove what the visits found.
 *
 * A visit goes by a path, which may lead to another directory than the one that is meant: what happened to the names on
 * the way may still be in the kernel's queue. A barrier is a record that the scanner puts into that queue after its
 * visits. When it comes, every earlier record has been handled; if none of them moved a name on the path, the path has
 * led to the directory that is meant, all the time. Otherwise the visit proves nothing and is made again. Nothing of a
 * visit is used or reported before that.
 */
export class Scanner {
  readonly #deps: ScannerDeps;
  #stack: DirNode[] = [];
  /** Between two places when their turn came. */
  #parked: DirNode[] = [];
  #open: Visit[] = [];
  #unsent = 0;
  /** Directories reported by records during the first scan, which skips them: otherwise it might never end. */
  #late: DirNode[] | undefined = [];
  /** By the descriptor of the barrier. */
  readonly #sent = new Map<number, readonly Visit[]>();
  /** Their barrier has passed; settled one by one, so that the event loop is not kept for a whole batch. */
  #proven: readonly Visit[] = [];
  #settled = 0;

  constructor(deps: ScannerDeps) {
    this.#deps = deps;
  }

  /** Visits a directory soon; `deep`: and every known one below it. */
  push(node: DirNode, deep = false): void {
    node.deep ||= deep;
    if (node.queued || node.dead) return;
    node.queued = true;
    this.#stack.push(node);
  }

  /** As {@link push}, for a directory that a record has told of. */
  discover(node: DirNode): void {
    if (this.#late === undefined) this.push(node);
    else this.#late.push(node);
  }

  /** Ends the first scan. */
  endFirst(): void {
    const late = this.#late ?? [];
    this.#late = undefined;
    for (const node of late) this.push(node);
  }

  /** Visits a directory once another one has arrived, or has left for good. */
  park(node: DirNode): void {
    if (this.#parked.length >= MAX_UNSENT) this.#parked = this.#parked.filter(({ dead }) => !dead);
    this.#parked.push(node);
  }

  unpark(): void {
    if (this.#parked.length === 0) return;
    const parked = this.#parked;
    this.#parked = [];
    for (const node of parked) this.push(node);
  }

  /** Directories are waiting, and there is room for what they hold. */
  get hasWork(): boolean {
    return this.#stack.length > 0 && this.#unsent < MAX_UNSENT;
  }

  /** So much is found that the barrier is due, however much else there is to do. */
  get isFull(): boolean {
    return this.#unsent >= MAX_UNSENT && this.#sent.size === 0 && !this.hasProven;
  }

  /** Nothing waits: neither a directory nor a barrier. */
  get isSettled(): boolean {
    return this.#stack.length === 0 && this.#sent.size === 0 && this.#open.length === 0 && !this.hasProven;
  }

  /** Visits wait to be settled. */
  get hasProven(): boolean {
    return this.#settled < this.#proven.length;
  }

  /** Settles one visit. */
  settleNext(): void {
    const visit = this.#proven[this.#settled];
    this.#settled += 1;
    if (visit !== undefined) this.#deps.settle(visit);
    if (!this.hasProven) this.#prove([]);
  }

  /** Visits one directory. */
  step(): void {
    const node = this.#begin();
    if (node !== undefined) this.#add(this.#deps.visitor.visit(node));
  }

  /** Visits one directory without blocking on a slow file system. */
  async stepSlowly(): Promise<void> {
    const node = this.#begin();
    if (node !== undefined) this.#add(await this.#deps.visitor.visitSlowly(node));
  }

  /** Asks for the barrier that proves what was found since the last one. */
  seal(): void {
    if (this.#open.length === 0) return;
    const visits = this.#open;
    this.#open = [];
    this.#unsent = 0;
    const wd = this.#deps.kernel?.barrier() ?? -1;
    // Without a kernel there are no records to wait for. At the limit of watches there is no barrier: a rescan sees to what is wrong then.
    if (wd < 0) this.#prove(visits);
    else this.#sent.set(wd, visits);
  }

  /** Whether the descriptor is a barrier's; if so, it has passed. */
  pass(wd: number): boolean {
    const visits = this.#sent.get(wd);
    if (visits === undefined) return false;
    this.#sent.delete(wd);
    this.#prove(visits);
    return true;
  }

  /** Keeps a record of a directory that is not proven yet. */
  hold(record: InotifyRecord): void {
    this.#deps.visitor.unproven.hold(record);
  }

  /** Forgets what is not proven: after an overflow the barriers may be among what was lost. */
  clear(): void {
    for (const node of this.#stack) node.queued = false;
    const visits = [...this.#sent.values(), this.#open, this.#proven.slice(this.#settled)].flat();
    this.#proven = [];
    this.#stack = [];
    this.#parked = [];
    this.#open = [];
    this.#unsent = 0;
    this.#sent.clear();
    this.#deps.visitor.unproven.clear();
    for (const { node, wd } of visits) {
      Object.assign(node, { visits: 0, touched: undefined });
      this.#deps.visitor.release(wd);
    }
  }

  #prove(visits: readonly Visit[]): void {
    this.#proven = this.hasProven ? [...this.#proven.slice(this.#settled), ...visits] : visits;
    this.#settled = 0;
  }

  #begin(): DirNode | undefined {
    const node = this.#stack.pop();
    if (node === undefined) return undefined;
    node.queued = false;
    if (node.dead) return undefined;
    if (this.#deps.tree.isPlaced(node)) return node;
    this.park(node);
    return undefined;
  }

  #add(visit: Visit): void {
    this.#open.push(visit);
    this.#unsent += 1 + count(visit.listed);
  }
}

function count(listed: Listed | undefined): number {
  return listed === undefined || typeof listed === 'string' ? 0 : listed.dirs.length + listed.files.length;
}
