import type { DirNode } from './dir-node.ts';
import type { Listed } from './list-directory.ts';
import type { HeldRecords } from './unproven-watches.ts';

/** What was found under the path of one directory, at one moment; a barrier proves it. */
export interface Visit {
  readonly node: DirNode;
  /** On {@link DirTree.clock}. */
  readonly since: number;
  /** The descriptor of the watch; -1 where there is none. */
  readonly wd: number;
  /** Why there is no watch, as an errno name. */
  readonly refusal: string | undefined;
  /** Undefined where only identity was in question, or where there is nothing that must be told. */
  listed: Listed | undefined;
  /** The records of a watch that no directory of the tree has yet; undefined where it has one. */
  held: HeldRecords | undefined;
}
