import { DirNode } from './dir-node.ts';

/** The directories below a root: by descriptor, by name, and where each is at the moment. */
export class DirTree {
  readonly root: DirNode;
  readonly byWd = new Map<number, DirNode>();
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

  /** Absolute, one character per byte. */
  pathOf(node: DirNode): string {
    let path = node.key;
    for (let up = node.parent; up !== undefined; up = up.parent) path = `${up.key}/${path}`;
    return path === '' ? '/' : path;
  }

  add(parent: DirNode, key: string): DirNode {
    const node = new DirNode(parent, key);
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
  }

  attach(node: DirNode, parent: DirNode, key: string): void {
    parent.children ??= new Map();
    parent.children.set(key, node);
    node.parent = parent;
    node.key = key;
    this.version += 1;
  }

  watch(node: DirNode, wd: number): void {
    if (node.wd === wd) return;
    if (node.wd !== -1) this.byWd.delete(node.wd);
    node.wd = wd;
    this.byWd.set(wd, node);
  }

  /** Forgets a branch for good; `unwatch` is called with every descriptor it held. */
  drop(branch: DirNode, unwatch: (wd: number) => void): void {
    this.detach(branch);
    const waiting = [branch];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node.children !== undefined) waiting.push(...node.children.values());
      if (node.wd !== -1 && this.byWd.get(node.wd) === node) {
        this.byWd.delete(node.wd);
        unwatch(node.wd);
      }
      node.dead = true;
      node.wd = -1;
      node.children = undefined;
      node.pending = undefined;
      node.files = undefined;
      this.size -= 1;
    }
  }
}
