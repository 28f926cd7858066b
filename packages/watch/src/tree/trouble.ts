import type { Logger } from '@sendit/model';
import { hintFor, isShortage } from '../watch-error.ts';
import type { WatchProblem } from '../watch-status.ts';
import type { DirNode } from './dir-node.ts';
import type { DirTree } from './dir-tree.ts';

/** The directories that cannot be watched, and why; says so once per cause, and once when it is over. */
export class Trouble {
  readonly #tree: DirTree;
  readonly #logger: Logger;
  readonly #codes = new Map<DirNode, string>();
  readonly #told = new Set<string>();
  #noInstance: WatchProblem | undefined;

  constructor(tree: DirTree, logger: Logger) {
    this.#tree = tree;
    this.#logger = logger;
  }

  /** Notes a refusal; true when the directory is to be scanned instead. */
  refused(node: DirNode, code: string): boolean {
    this.#codes.set(node, code);
    const scanned = isShortage(code);
    if (!this.#told.has(code)) {
      this.#told.add(code);
      const path = this.#pathOf(node);
      if (scanned)
        this.#logger.warning('Directories are scanned instead of watched', { code, path, hint: hintFor(code) });
      else this.#logger.warning('A directory cannot be watched', { code, path, hint: hintFor(code) });
    }
    return scanned;
  }

  /** Notes that the system gives no inotify instance: nothing is watched, for as long as the source lives. */
  noInstance(code: string): void {
    const path = this.#pathOf(this.#tree.root);
    this.#noInstance = { code, directories: 1, path, hint: hintFor(code) };
    this.#logger.warning('The tree is scanned instead of watched', { code, path, hint: hintFor(code) });
  }

  /** Notes that a directory is watched; true when it was not before. */
  recovered(node: DirNode): boolean {
    const code = this.#codes.get(node);
    if (code === undefined) return false;
    this.#codes.delete(node);
    if (this.problems().every((problem) => problem.code !== code)) {
      this.#told.delete(code);
      this.#logger.info('All directories can be watched again', { code });
    }
    return true;
  }

  /** Every directory that should be looked at again. */
  waiting(): DirNode[] {
    for (const node of this.#codes.keys()) if (node.dead) this.#codes.delete(node);
    return [...this.#codes.keys()];
  }

  problems(): WatchProblem[] {
    const byCode = new Map<string, { code: string; directories: number; path: string; hint: string }>();
    for (const node of this.waiting()) {
      const code = this.#codes.get(node) ?? '';
      const known = byCode.get(code);
      if (known === undefined) {
        byCode.set(code, { code, directories: 1, path: this.#pathOf(node), hint: hintFor(code) });
      } else known.directories += 1;
    }
    return [...(this.#noInstance === undefined ? [] : [this.#noInstance]), ...byCode.values()];
  }

  #pathOf(node: DirNode): string {
    return Buffer.from(this.#tree.pathOf(node), 'latin1').toString('utf8');
  }
}
