import { lstatSync } from 'node:fs';
import { constants } from 'node:os';
import { IN } from '@sendit/model';
import type { InotifyBinding } from '../inotify/binding.ts';
import { DirectoryLister, type Listed } from './list-directory.ts';

const PATH_BYTES = 4096;
const IN_MASK_ADD = 0x2000_0000;
/** Watched for a moment only, to get an IN_IGNORED in a known place among the events. No directory, so never one of the tree's own. */
const BARRIER_PATH = Buffer.from('/dev/null\0');

/** One inotify instance and the listing of directories, by paths of one character per byte. */
export class Kernel {
  readonly #binding: InotifyBinding;
  readonly #fd: number;
  readonly #lister: DirectoryLister;
  readonly #path = Buffer.allocUnsafeSlow(PATH_BYTES);

  constructor(binding: InotifyBinding, fd: number) {
    this.#binding = binding;
    this.#fd = fd;
    this.#lister = new DirectoryLister(binding);
  }

  /** Watches a directory, or widens its watch; the descriptor, or a negated errno. */
  addWatch(path: string, mask: number): number {
    if (!this.#encode(path)) return -constants.errno.ENAMETOOLONG;
    return this.#binding.addWatch(this.#fd, this.#path, mask | IN_MASK_ADD);
  }

  removeWatch(wd: number): void {
    // Refused only when the kernel has removed it by itself.
    this.#binding.removeWatch(this.#fd, wd);
  }

  list(path: string, withFiles: boolean): Listed {
    if (!this.#encode(path)) return 'ENAMETOOLONG';
    return this.#lister.list(this.#path, path, withFiles);
  }

  /** Asks for an IN_IGNORED after everything that has happened up to now; its descriptor, or a negated errno. */
  barrier(): number {
    const wd = this.#binding.addWatch(this.#fd, BARRIER_PATH, IN.IN_DELETE_SELF);
    if (wd >= 0) this.#binding.removeWatch(this.#fd, wd);
    return wd;
  }

  #encode(path: string): boolean {
    if (path.length >= PATH_BYTES) return false;
    this.#path.write(path, 0, 'latin1');
    this.#path[path.length] = 0;
    return true;
  }
}

/** Whether a directory has no subdirectory, told by its link count: only where the file system counts them. */
export function isLeaf(path: string): boolean {
  const isAscii = !/[\u0080-\u00ff]/u.test(path);
  return lstatSync(isAscii ? path : Buffer.from(path, 'latin1'), { throwIfNoEntry: false })?.nlink === 2;
}
