import { IN } from '@sendit/model';
import { isShortage } from '../watch-error.ts';
import type { DirNode } from './dir-node.ts';
import type { DirTree } from './dir-tree.ts';
import type { EventWriter } from './event-writer.ts';
import { isLeaf, type Kernel } from './kernel.ts';
import { listSlowly, toErrnoName } from './list-directory.ts';
import { READING } from './reading.ts';
import { UnprovenWatches } from './unproven-watches.ts';
import type { Visit } from './visit.ts';

const IN_ONLYDIR = 0x0100_0000;
const IN_DONT_FOLLOW = 0x0200_0000;
/** Events the tree needs to follow its own structure. */
const STRUCTURE = IN.IN_CREATE | IN.IN_DELETE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO;

export interface VisitorDeps {
  readonly tree: DirTree;
  readonly writer: EventWriter;
  /** Absent where listing takes the place of events. */
  readonly kernel: Kernel | undefined;
  readonly mask: number;
  /** Subdirectories are counted in the link count of a directory. */
  readonly countsLinks: boolean;
  /** Every directory keeps its files and is listed again: events do not tell everything here. */
  readonly polled: boolean;
}

/** Watches directories, then lists them: by the paths that the records handled so far give them. */
export class Visitor {
  readonly unproven = new UnprovenWatches();
  /** Changes of permissions are watched for as well: somewhere one is in the way. */
  watchesAttrib = false;
  readonly #deps: VisitorDeps;
  readonly #lean: number;
  readonly #wide: number;

  constructor(deps: VisitorDeps) {
    this.#deps = deps;
    this.#wide = deps.mask | STRUCTURE | IN_ONLYDIR;
    this.#lean = this.#wide & ~READING;
  }

  visit(node: DirNode): Visit {
    const visit = this.#watch(node);
    if (!this.#isToBeListed(visit)) return visit;
    const { kernel, tree } = this.#deps;
    const path = tree.pathOf(node);
    const withFiles = this.#needsFiles(node);
    // Watched first: a subdirectory that comes later is an event.
    if (!withFiles && this.#deps.countsLinks && isLeaf(path)) visit.listed = { dirs: [], files: [] };
    // The root may be a symlink to the directory; nothing below it may.
    else visit.listed = kernel?.list(node === tree.root ? `${path}/.` : path, withFiles);
    return visit;
  }

  /** As {@link visit}, without blocking on a slow file system. */
  async visitSlowly(node: DirNode): Promise<Visit> {
    const visit = this.#watch(node);
    if (this.#isToBeListed(visit)) visit.listed = await listSlowly(this.#deps.tree.pathOf(node));
    return visit;
  }

  /** Once a directory is proven and listed, reading it is an event like any other; false when its path leads elsewhere by now. */
  widen(node: DirNode): boolean {
    return this.#lean === this.#wide || node.wd === -1 || this.#isAt(node, node.wd, this.#wide);
  }

  /** Whether the path of a directory leads to that watch now. */
  isAt(node: DirNode, wd: number): boolean {
    return this.#isAt(node, wd, this.#lean);
  }

  /** Removes a watch, unless it has a place in the tree or may still get one. */
  release(wd: number): void {
    if (wd < 0 || this.unproven.has(wd) || this.#deps.tree.byWd.has(wd)) return;
    this.#deps.kernel?.removeWatch(wd);
  }

  #isAt(node: DirNode, wd: number, mask: number): boolean {
    const { kernel, tree } = this.#deps;
    const found = kernel?.addWatch(tree.pathOf(node), mask | this.#ownMask(node)) ?? -1;
    if (found !== wd) this.release(found);
    return found === wd;
  }

  #watch(node: DirNode): Visit {
    const { tree, kernel, polled } = this.#deps;
    if (polled) node.files ??= new Set();
    if (node.listed) node.touched ??= new Set();
    node.visits += 1;
    const none = { node, since: tree.clock, wd: -1, refusal: undefined, listed: undefined, held: undefined };
    if (kernel === undefined) return none;
    const wd = kernel.addWatch(tree.pathOf(node), this.#lean | this.#ownMask(node));
    if (wd < 0) {
      const refusal = toErrnoName(wd);
      if (isShortage(refusal)) node.files ??= new Set();
      return { ...none, refusal };
    }
    // Another directory under a name with a watch is proven before it gets a place of its own.
    const isNew = node.wd === -1 && !tree.byWd.has(wd);
    return { ...none, wd, held: isNew ? this.unproven.open(wd) : undefined };
  }

  #ownMask(node: DirNode): number {
    const attrib = this.watchesAttrib ? IN.IN_ATTRIB : 0;
    if (node !== this.#deps.tree.root) return attrib | IN_DONT_FOLLOW;
    return attrib | IN.IN_DELETE_SELF | IN.IN_MOVE_SELF;
  }

  #isToBeListed({ node, wd, refusal, held }: Visit): boolean {
    if (refusal !== undefined) return isShortage(refusal);
    if (held !== undefined || this.#deps.kernel === undefined) return true;
    return node.wd === wd && (node.deep || !node.listed || node.files !== undefined);
  }

  #needsFiles(node: DirNode): boolean {
    return (
      node.files !== undefined || (!this.#deps.writer.muted && !node.listed && this.#deps.writer.wants(IN.IN_CREATE))
    );
  }
}
