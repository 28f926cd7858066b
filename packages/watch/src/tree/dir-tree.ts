import { DirNode } from './dir-node.ts';

/** The directories below a root: by descriptor, by name, and where the records handled so far have put each. */
export class DirTree {
  readonly root: DirNode;
  readonly byWd = new Map<number, DirNode>();
  /** Rises whenever a name comes to mean another directory, or may have. */
  clock = 0;
  /** Rises whenever the path of a known directory may have changed. */
  version = 0;
  size = 1;

  /** `rootPath` as latin1, without a slash at its end. */
  constructor(rootPath: string) {
    this.root = new DirNode(undefined, rootPath === '/' ? '' : rootPath);
  }

  /** The node at the top of a node's branch: the root, or a directory that is on its way between two places. */
  topOf(node: DirNode): DirNode {
    let top = node;
    while (top.parent !== undefined) top = top.parent;
    return top;
  }

  /** Not on the way from one place to another. */
  isPlaced(node: DirNode): boolean {
    return this.topOf(node) === this.root;
  }

  /** Whether the path of a directory has meant that directory ever since a moment of {@link clock}. */
  isSteady(node: DirNode, since: number): boolean {
    if (node.dead) return false;
    let top = node;
    for (; top.parent !== undefined; top = top.parent) if (top.movedAt > since) return false;
    return top === this.root;
  }

  /** Absolute, one character per byte. */
  pathOf(node: DirNode): string {
    let path = node.key;
    for (let up = node.parent; up !== undefined; up = up.parent) path = `${up.key}/${path}`;
    return path === '' ? '/' : path;
  }

  add(parent: DirNode, key: string): DirNode {
    const node = new DirNode(parent, key);
    this.doubt(node);
    parent.children ??= new Map();
    parent.children.set(key, node);
    this.size += 1;
    return node;
  }

  /** Takes a branch off its place; it keeps its watches and can be attached elsewhere. */
  detach(node: DirNode): void {
    const { parent } = node;
    if (parent?.children?.get(node.key) === node) parent.children.delete(node.key);
    node.parent = undefined;
    this.version += 1;
    this.doubt(node);
  }

  attach(node: DirNode, parent: DirNode, key: string): void {
    parent.children ??= new Map();
    parent.children.set(key, node);
    node.parent = parent;
    node.key = key;
    this.version += 1;
    this.doubt(node);
  }

  /** Invalidates everything found so far under this directory's path. */
  doubt(node: DirNode): void {
    this.clock += 1;
    node.movedAt = this.clock;
  }

  watch(node: DirNode, wd: number): void {
    node.wd = wd;
    node.wide = false;
    this.byWd.set(wd, node);
  }

  /** Forgets a branch for good; `unwatch` is called with every descriptor it held. */
  drop(branch: DirNode, unwatch: (wd: number) => void): void {
    this.detach(branch);
    const waiting = [branch];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      for (const child of node.children?.values() ?? []) waiting.push(child);
      if (node.wd !== -1 && this.byWd.get(node.wd) === node) {
        this.byWd.delete(node.wd);
        unwatch(node.wd);
      }
      node.dead = true;
      node.wd = -1;
      node.children = undefined;
      node.files = undefined;
      this.size -= 1;
    }
  }
}
