import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { type BytePath, toPathBytes } from './byte-path.ts';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** proc(5): names what lies in an open directory, whatever was put in its place since. */
const DESCRIPTORS = '/proc/self/fd';
const hasDescriptors = existsSync(DESCRIPTORS);

const MOST_OPEN = 100;

/**
 * Directories below one batch directory, opened one part of a path at a time and never through a symbolic link: one that took a sealed
 * directory's place could lead out of the watch path. Without `/proc` paths are used as they are.
 */
export class OwnFolders implements Disposable {
  readonly #directory: BytePath;
  readonly #open = new Map<BytePath, number>();

  constructor(directory: BytePath) {
    this.#directory = directory;
  }

  /** By what a file below the directory is opened, valid until the next call. Throws the system's error, ELOOP or ENOTDIR at a link. */
  at(path: BytePath): Buffer {
    const slash = path.lastIndexOf('/');
    if (slash === -1 || !hasDescriptors) return toPathBytes(`${this.#directory}/${path}`);
    if (this.#open.size > MOST_OPEN) this[Symbol.dispose]();
    return toPathBytes(`${this.#folder(path.slice(0, slash))}/${path.slice(slash + 1)}`);
  }

  #folder(path: BytePath): BytePath {
    let fd = this.#open.get(path);
    if (fd === undefined) {
      const slash = path.lastIndexOf('/');
      const parent = slash === -1 ? this.#directory : this.#folder(path.slice(0, slash));
      fd = openSync(toPathBytes(`${parent}/${path.slice(slash + 1)}`), DIRECTORY);
      this.#open.set(path, fd);
    }
    return `${DESCRIPTORS}/${fd}`;
  }

  [Symbol.dispose](): void {
    for (const fd of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }
}
