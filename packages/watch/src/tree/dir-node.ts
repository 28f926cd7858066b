/**
 * One directory of a watched tree. It holds its own name only, so that a rename touches one node whatever lies below.
 * Names are latin1 strings, one character per byte: file names are bytes.
 */
export class DirNode {
  parent: DirNode | undefined;
  key: string;
  /** Watch descriptor; -1 while the kernel does not watch it, or while that is not proven. */
  wd = -1;
  /** Its watch has the whole mask: what our own first listing raises is over. */
  wide = false;
  /** Left the tree for good: what still waits for it is dropped. */
  dead = false;
  /** Proven and listed once: another listing is compared with what is known. */
  listed = false;
  /** The next visit goes on to the known subdirectories. */
  deep = false;
  /** Waits to be visited. */
  queued = false;
  /** When its place last changed, on {@link DirTree.clock}. */
  movedAt = 0;
  /** Visits that a barrier has still to prove. Until then IN_OPEN, IN_ACCESS and IN_CLOSE_NOWRITE of it are our own. */
  visits = 0;
  children: Map<string, DirNode> | undefined;
  /** The files in it; kept only where listing takes the place of events. */
  files: Set<string> | undefined;
  /** Names that records told of during a visit: of them a listing has nothing to say. */
  touched: Set<string> | undefined;
  /** Names already reported, while the records kept since its watch was set are processed for the first time. */
  told: Set<string> | undefined;

  constructor(parent: DirNode | undefined, key: string) {
    this.parent = parent;
    this.key = key;
  }
}
