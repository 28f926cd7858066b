import { statSync } from 'node:fs';
import { IN, IN_ISDIR, type Logger } from '@sendit/model';
import type { WatchStatus } from '../watch-status.ts';
import type { TreeParts } from './tree-parts.ts';

export interface RootOptions {
  readonly path: string;
  /** Wait for a root that is not there, instead of ending. */
  readonly awaitRoot: boolean;
  readonly logger: Logger;
}

/**
 * Whether the root is there. States: `watching`; `absent` (it went away or is not there yet, and is waited for); `ended`.
 */
export class RootPresence {
  state: WatchStatus['state'] = 'watching';
  readonly #options: RootOptions;
  readonly #parts: () => TreeParts;

  constructor(options: RootOptions, parts: () => TreeParts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Why the root cannot be watched, as an errno name; empty when it is there. */
  absence(): string {
    const found = statSync(this.#options.path, { throwIfNoEntry: false });
    if (found === undefined) return 'ENOENT';
    return found.isDirectory() ? '' : 'ENOTDIR';
  }

  /** Looks for an absent root; when it is there, it is reported and read. */
  look(): void {
    if (this.state !== 'absent' || this.absence() !== '') return;
    const { writer, scanner, tree } = this.#parts();
    this.state = 'watching';
    this.#options.logger.info('The watched directory is there', { path: this.#options.path });
    writer.writeRoot(IN.IN_CREATE | IN_ISDIR, 1);
    scanner.push(tree.root);
  }

  /** The root is not there any more, or another one is: forgets all below it. */
  lose(): void {
    if (this.state !== 'watching') return;
    const { tree, writer, scanner, settler, engine } = this.#parts();
    const { root } = tree;
    writer.writeRoot(IN.IN_IGNORED, Math.max(root.wd, 1));
    scanner.clear();
    engine.reset();
    for (const child of root.children?.values() ?? []) settler.drop(child);
    const { wd } = root;
    tree.byWd.delete(wd);
    settler.release(wd);
    Object.assign(root, { wd: -1, listed: false, deep: false, files: undefined, touched: undefined });
    this.state = this.#options.awaitRoot ? 'absent' : 'ended';
    if (this.state === 'absent')
      this.#options.logger.warning('The watched directory is gone: waiting for it', { path: this.#options.path });
  }
}
