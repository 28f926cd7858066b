/** What a listing found and no event has told yet; bits of {@link DirNode.pending}. */
export const PENDING = {
  FILE: 1,
  DIR: 2,
  /** Known before, and not there any more. */
  GONE: 4,
  /** Found in a directory whose events should have told: counted as found by rescan. */
  MISSED: 8,
  /** Told before its record came: the record says nothing new. */
  TOLD: 16,
} as const;

/**
 * One directory of a watched tree. It holds its own name only, so that a rename touches one node whatever lies below.
 * Names are latin1 strings, one character per byte: file names are bytes.
 */
export class DirNode {
  parent: DirNode | undefined;
  key: string;
  /** Watch descriptor; -1 while the kernel does not watch it. */
  wd = -1;
  /** Left the tree for good: what still waits for it is dropped. */
  dead = false;
  /** Listed at least once: another listing is compared instead of reported. */
  listed = false;
  /** The next visit goes on to the known subdirectories. */
  deep = false;
  /** Waits to be visited. */
  queued = false;
  /** Watched by a name whose records are still on their way: it may be the one that took the name since. */
  unsure = false;
  /** Where it was, while it is on its way between two places. */
  leftFrom: string | undefined;
  /** Being listed by us until the barrier: its IN_OPEN, IN_ACCESS and IN_CLOSE_NOWRITE are our own. */
  ownReads = false;
  children: Map<string, DirNode> | undefined;
  /** The files in it; kept only where listing takes the place of events. */
  files: Set<string> | undefined;
  /** Bits of {@link PENDING} by name, until the real event or the barrier comes. */
  pending: Map<string, number> | undefined;

  constructor(parent: DirNode | undefined, key: string) {
    this.parent = parent;
    this.key = key;
  }
}
