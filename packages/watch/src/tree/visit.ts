import type { DirNode } from './dir-node.ts';
import type { Listed } from './list-directory.ts';
import type { HeldRecords } from './unproven-watches.ts';

/** Findings under the path of one directory at one moment; a barrier proves them. */
export interface Visit {
  readonly node: DirNode;
  /** On {@link DirTree.clock}. */
  readonly since: number;
  /** Descriptor of the watch, or -1. */
  readonly wd: number;
  /** Why there is no watch, as an errno name. */
  readonly refusal: string | undefined;
  /** Undefined if only the identity was checked, or if nothing must be reported. */
  listed: Listed | undefined;
  /** Records of a watch that no directory of the tree owns yet; undefined otherwise. */
  held: HeldRecords | undefined;
}
