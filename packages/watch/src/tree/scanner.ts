import { IN, IN_ISDIR } from '@sendit/model';
import { type DirNode, PENDING } from './dir-node.ts';
import type { DirTree } from './dir-tree.ts';
import type { EventWriter } from './event-writer.ts';
import { isLeaf, type Kernel } from './kernel.ts';
import { type Listed, type Listing, listSlowly, toErrnoName } from './list-directory.ts';
import type { Trouble } from './trouble.ts';

const IN_ONLYDIR = 0x0100_0000;
const IN_DONT_FOLLOW = 0x0200_0000;
/** What our own listing of a directory raises. */
export const READING = IN.IN_OPEN | IN.IN_ACCESS | IN.IN_CLOSE_NOWRITE;
/** What the tree needs to follow itself. */
const STRUCTURE = IN.IN_CREATE | IN.IN_DELETE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO;
/** Found names that wait for a barrier before events are handled first: this and one directory more is the bound on them. */
const MAX_UNSENT = 4096;

/** What a scanner works on. */
export interface ScannerDeps {
  readonly tree: DirTree;
  readonly writer: EventWriter;
  /** Absent where listing takes the place of events. */
  readonly kernel: Kernel | undefined;
  readonly mask: number;
  /** Subdirectories are counted in the link count of a directory. */
  readonly countsLinks: boolean;
  /** Every directory keeps its files and is listed again: events do not tell everything here. */
  readonly polled: boolean;
  readonly trouble: Trouble;
  /** The root is not there any more, or another one is. */
  readonly onRootLost: () => void;
}

/** What one barrier settles. */
interface Batch {
  readonly pending: DirNode[];
  readonly visited: DirNode[];
}

/**
 * Finds what is there: watch first, then list. What a listing finds is pending: the real event of it, which may be in the kernel's queue
 * already, is better, and is delivered in its stead. A barrier in that queue says when none can come any more; then the
 * pending ones are reported as IN_CREATE or IN_DELETE. So nothing is missed, and nothing told twice.
 */
export class Scanner {
  /** Reported by a listing although an event should have told. */
  found = 0;
  /** During the first scan, which reports nothing. */
  silent = true;
  readonly #deps: ScannerDeps;
  readonly #lean: number;
  readonly #wide: number;
  #stack: DirNode[] = [];
  #parked: DirNode[] = [];
  /** Between two places when their barrier passed: what was found in them has no path to be told by. */
  #unplaced: DirNode[] = [];
  #open: Batch = { pending: [], visited: [] };
  #unsent = 0;
  #watchesAttrib = false;
  readonly #sent = new Map<number, Batch>();

  constructor(deps: ScannerDeps) {
    this.#deps = deps;
    this.#wide = deps.mask | STRUCTURE | IN_ONLYDIR;
    this.#lean = this.#wide & ~READING;
  }

  /** Visits a directory soon; `deep`: and every known one below it. */
  push(node: DirNode, deep = false): void {
    node.deep ||= deep;
    if (node.queued) return;
    node.queued = true;
    this.#stack.push(node);
  }

  /** Directories are waiting, and there is room for what they hold. */
  get hasWork(): boolean {
    return this.#stack.length > 0 && this.#unsent < MAX_UNSENT;
  }

  /** So much is found that the barrier is due, however much else there is to do. */
  get isFull(): boolean {
    return this.#unsent >= MAX_UNSENT && this.#sent.size === 0;
  }

  /** Nothing waits: neither a directory nor a barrier. */
  get isSettled(): boolean {
    return this.#stack.length === 0 && this.#sent.size === 0 && this.#unsent === 0;
  }

  /** Visits one directory. */
  step(): void {
    const node = this.#begin();
    if (node === undefined) return;
    const { kernel, tree } = this.#deps;
    const path = tree.pathOf(node);
    const withFiles = this.#needsFiles(node);
    if (this.silent && !withFiles && this.#deps.countsLinks && isLeaf(path)) node.listed = true;
    // The root may be a symlink to the directory; nothing below it may.
    else if (kernel !== undefined) this.#finish(node, kernel.list(node === tree.root ? `${path}/.` : path, withFiles));
  }

  /** Visits one directory without blocking on a slow file system. */
  async stepSlowly(): Promise<void> {
    const node = this.#begin();
    if (node !== undefined) this.#finish(node, await listSlowly(this.#deps.tree.pathOf(node)));
  }

  /** Asks for the barrier that settles what was found since the last one. */
  seal(): void {
    if (this.#open.pending.length === 0 && this.#open.visited.length === 0) return;
    const batch = this.#open;
    this.#open = { pending: [], visited: [] };
    this.#unsent = 0;
    const wd = this.#deps.kernel?.barrier() ?? -1;
    if (wd < 0) this.#settle(batch);
    else this.#sent.set(wd, batch);
  }

  /** Whether the descriptor is a barrier's; if so, it has passed. */
  pass(wd: number): boolean {
    const batch = this.#sent.get(wd);
    if (batch === undefined) return false;
    this.#sent.delete(wd);
    this.#settle(batch);
    return true;
  }

  /** Settles everything at once: after an overflow the barriers may be among what was lost. */
  settleAll(): void {
    for (const batch of this.#sent.values()) this.#settle(batch);
    this.#sent.clear();
    const batch = this.#open;
    this.#open = { pending: [], visited: [] };
    this.#unsent = 0;
    this.#settle(batch);
  }

  /** Drops all work. */
  clear(): void {
    for (const node of this.#stack) node.queued = false;
    this.#stack = [];
    this.#parked = [];
    this.#unplaced = [];
    this.#sent.clear();
    this.#open = { pending: [], visited: [] };
    this.#unsent = 0;
  }

  /** A branch is in its place again: what waited for that can be visited. */
  unpark(): void {
    const parked = this.#parked;
    this.#parked = [];
    for (const node of parked) this.push(node);
    const unplaced = this.#unplaced;
    this.#unplaced = [];
    for (const node of unplaced) {
      if (node.dead || node.pending === undefined) continue;
      this.#open.pending.push(node);
      this.#unsent += node.pending.size;
    }
  }

  /** Marks a name as found; `bits` of {@link PENDING}. */
  pend(node: DirNode, key: string, bits: number): void {
    if (node.pending === undefined) {
      node.pending = new Map();
      this.#open.pending.push(node);
    } else if (this.#open.pending.at(-1) !== node) this.#open.pending.push(node);
    node.pending.set(key, bits);
    this.#unsent += 1;
  }

  /** Reports the pending directories above a node, which must be known before what happens in it. */
  announceAbove(node: DirNode): void {
    const { parent } = node;
    if (parent === undefined) return;
    this.announceAbove(parent);
    const bits = parent.pending?.get(node.key);
    if (bits !== undefined && (bits & PENDING.GONE) === 0) this.announce(parent, node.key);
  }

  /** Reports one name now, if it is pending. */
  announce(node: DirNode, key: string): void {
    const bits = node.pending?.get(key);
    if (bits === undefined || bits & PENDING.TOLD) return;
    node.pending?.delete(key);
    if (bits & PENDING.MISSED) this.found += 1;
    const flag = bits & PENDING.DIR ? IN_ISDIR : 0;
    if (bits & PENDING.GONE) {
      const child = node.children?.get(key);
      if (child !== undefined) this.drop(child);
      this.#deps.writer.write(node, IN.IN_DELETE | flag, key);
    } else this.#deps.writer.write(node, IN.IN_CREATE | flag, key);
  }

  /** Forgets a branch and its watches. */
  drop(node: DirNode): void {
    const { tree, kernel } = this.#deps;
    tree.drop(node, (wd) => kernel?.removeWatch(wd));
  }

  unwatch(wd: number): void {
    this.#deps.kernel?.removeWatch(wd);
  }

  #settle(batch: Batch): void {
    for (const node of batch.pending) {
      if (node.dead || node.pending === undefined) continue;
      if (!this.#isPlaced(node)) {
        this.#unplaced.push(node);
        continue;
      }
      this.announceAbove(node);
      for (const key of node.pending.keys()) this.announce(node, key);
      node.pending = undefined;
    }
    for (const node of batch.visited) {
      node.ownReads = false;
      node.unsure = false;
      if (this.#lean !== this.#wide && !node.dead && node.wd !== -1 && this.#isPlaced(node))
        this.#deps.kernel?.addWatch(this.#deps.tree.pathOf(node), this.#wide);
    }
  }

  /** Not on the way from one place to another. */
  #isPlaced(node: DirNode): boolean {
    return this.#deps.tree.topOf(node) === this.#deps.tree.root;
  }

  /** Its place is known later than its name: until a record of a move, or of its end, comes. */
  #park(node: DirNode): void {
    if (this.#parked.length >= MAX_UNSENT) this.#parked = this.#parked.filter(({ dead }) => !dead);
    this.#parked.push(node);
  }

  /** Takes the next directory and watches it; undefined when there is nothing to list. */
  #begin(): DirNode | undefined {
    const { tree, kernel, polled } = this.#deps;
    const node = this.#stack.pop();
    if (node === undefined) return undefined;
    node.queued = false;
    if (node.dead) return undefined;
    if (!this.#isPlaced(node)) {
      this.#park(node);
      return undefined;
    }
    if (polled) node.files ??= new Set();
    if (kernel === undefined) return node;
    const follow = node === tree.root ? 0 : IN_DONT_FOLLOW;
    const wd = kernel.addWatch(tree.pathOf(node), this.#lean | follow | this.#selfMask(node));
    if (wd < 0) return this.#refused(node, toErrnoName(wd)) ? node : undefined;
    return this.#hold(node, wd, kernel);
  }

  #selfMask(node: DirNode): number {
    const own = node === this.#deps.tree.root ? IN.IN_DELETE_SELF | IN.IN_MOVE_SELF : 0;
    return this.#watchesAttrib ? own | IN.IN_ATTRIB : own;
  }

  #hold(node: DirNode, wd: number, kernel: Kernel): DirNode | undefined {
    const { tree, trouble } = this.#deps;
    const holder = tree.byWd.get(wd);
    if (holder !== undefined && holder !== node) {
      this.#meet(holder, node, wd, kernel);
      return undefined;
    }
    if (node.wd !== -1 && node.wd !== wd) return this.#replaced(node, wd);
    const isKnown = node.wd === wd;
    tree.watch(node, wd);
    const recovered = trouble.recovered(node);
    if (recovered && !this.#deps.polled) node.files = undefined;
    // Only its identity was in question.
    if (isKnown && node.listed && !node.deep && !recovered && node.files === undefined) return undefined;
    node.unsure ||= !isKnown;
    node.ownReads = this.#lean !== this.#wide;
    this.#open.visited.push(node);
    return node;
  }

  /**
   * The directory found here is known in another place: it shows in both (a bind mount), or it came from there. Then the move is told at
   * once, since of its two records the second may never come: this directory's parent may not have been watched yet.
   */
  #meet(holder: DirNode, node: DirNode, wd: number, kernel: Kernel): void {
    const { tree, writer } = this.#deps;
    const { parent: from, key: oldKey } = holder;
    const { parent: to, key } = node;
    const placed = tree.topOf(holder) === tree.root;
    if (to === undefined || holder === tree.root) return;
    // Its name came from a record, so its parent was watched when the other one took the name: those records are on their way.
    if (!node.listed && to.pending?.has(key) !== true) return this.#park(node);
    if (placed && kernel.addWatch(tree.pathOf(holder), this.#lean) === wd) {
      node.listed = true;
      return;
    }
    let srcPathname = holder.leftFrom;
    if (placed && from !== undefined) {
      this.announceAbove(holder);
      srcPathname = writer.pathname(from, oldKey);
      writer.write(from, IN.IN_MOVED_FROM | IN_ISDIR, oldKey);
      this.pend(from, oldKey, PENDING.TOLD);
    }
    this.announceAbove(to);
    tree.detach(holder);
    this.drop(node);
    tree.attach(holder, to, key);
    this.pend(to, key, PENDING.TOLD);
    writer.write(to, IN.IN_MOVED_TO | IN_ISDIR, key, srcPathname === undefined ? {} : { srcPathname });
    if (!holder.listed) this.push(holder);
    this.unpark();
  }

  /** Another directory under the name of a known one. */
  #replaced(node: DirNode, wd: number): DirNode | undefined {
    const { tree, writer } = this.#deps;
    const { parent, key } = node;
    if (parent === undefined) {
      this.#deps.onRootLost();
      return undefined;
    }
    this.announceAbove(node);
    writer.write(parent, IN.IN_DELETE | IN_ISDIR, key);
    this.drop(node);
    const fresh = tree.add(parent, key);
    tree.watch(fresh, wd);
    this.pend(parent, key, PENDING.DIR | PENDING.MISSED);
    this.unpark();
    return fresh;
  }

  /** Whether the directory is to be listed all the same. */
  #refused(node: DirNode, code: string): boolean {
    const { trouble, tree } = this.#deps;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') {
      if (node === tree.root) this.#deps.onRootLost();
      else if (!node.listed) this.#park(node);
      else if (node.parent !== undefined) this.pend(node.parent, node.key, PENDING.GONE | PENDING.DIR);
      return false;
    }
    const scanned = trouble.refused(node, code);
    if (scanned) node.files ??= new Set();
    else if (!this.#watchesAttrib) {
      // From now on a change of permissions, here or above, is an event, and the time to try again.
      this.#watchesAttrib = true;
      this.push(tree.root, true);
    }
    return scanned;
  }

  #needsFiles(node: DirNode): boolean {
    return node.files !== undefined || (!this.silent && !node.listed && this.#deps.writer.wants(IN.IN_CREATE));
  }

  #finish(node: DirNode, listed: Listed): void {
    if (node.dead) return;
    if (typeof listed === 'string') this.#refused(node, listed);
    else this.#apply(node, listed);
  }

  #apply(node: DirNode, { dirs, files }: Listing): void {
    const { tree } = this.#deps;
    const missed = node.listed ? PENDING.MISSED : 0;
    const { deep } = node;
    node.deep = false;
    for (const key of dirs) {
      const child = node.children?.get(key);
      if (child === undefined) {
        this.push(tree.add(node, key));
        if (!this.silent) this.pend(node, key, PENDING.DIR | missed);
      } else {
        if ((node.pending?.get(key) ?? 0) & PENDING.GONE) node.pending?.delete(key);
        if (deep || child.files !== undefined) this.push(child, deep);
      }
    }
    if (missed !== 0 && (node.children?.size ?? 0) > dirs.length) this.#miss(node, new Set(dirs));
    if (node.files !== undefined) this.#compareFiles(node, node.files, new Set(files), missed);
    else if (!node.listed && !this.silent) for (const key of files) this.pend(node, key, PENDING.FILE);
    node.listed = true;
  }

  #miss(node: DirNode, there: ReadonlySet<string>): void {
    for (const key of node.children?.keys() ?? []) {
      if (!there.has(key)) this.pend(node, key, PENDING.GONE | PENDING.DIR | PENDING.MISSED);
    }
  }

  #compareFiles(node: DirNode, known: Set<string>, there: ReadonlySet<string>, missed: number): void {
    for (const key of there) {
      if (known.has(key) || this.silent) continue;
      // It has taken the place of a directory: two things to tell.
      if ((node.pending?.get(key) ?? 0) & PENDING.GONE) {
        this.announceAbove(node);
        this.announce(node, key);
      }
      this.pend(node, key, PENDING.FILE | missed);
    }
    for (const key of known) {
      if (there.has(key)) continue;
      // A directory has taken its place.
      if (node.pending?.has(key) === true) {
        this.announceAbove(node);
        this.#deps.writer.write(node, IN.IN_DELETE, key);
      } else this.pend(node, key, PENDING.GONE | PENDING.FILE | missed);
    }
    node.files = new Set(there);
  }
}
