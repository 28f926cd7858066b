import { closeSync, existsSync, openSync } from 'node:fs';
import { toErrno } from '@sendit/model';
import { type BytePath, splitPath, toPathBytes } from './byte-path.ts';
import { DIRECTORY_FLAGS, NAMED_DIRECTORY_FLAGS } from './open-flags.ts';

/** proc(5): names what lies in an open directory, whatever was put in its place since. */
const DESCRIPTORS = '/proc/self/fd';
const hasDescriptors = existsSync(DESCRIPTORS);

const MOST_OPEN = 100;

/**
 * One batch directory and those below it, opened one part of a path at a time and never through a symbolic link: one that took a sealed
 * directory's place could lead out of the watch path. Without `/proc` paths are used as they are.
 */
export class OwnFolders implements Disposable {
  readonly #directory: BytePath;
  readonly #mayBeLink: boolean;
  readonly #open = new Map<BytePath, number>();

  /** `mayBeLink`: the directory is a watch path, which may be a link. */
  constructor(directory: BytePath, { mayBeLink = false }: { readonly mayBeLink?: boolean | undefined } = {}) {
    this.#directory = directory;
    this.#mayBeLink = mayBeLink;
  }

  /**
   * Returns the path by which a file below the directory is opened, valid until the next call. Throws the system's
   * error: ELOOP or ENOTDIR at a link; ENOENT if a link has replaced the whole directory, since all its sealed files
   * are gone then.
   */
  at(path: BytePath): Buffer {
    if (!hasDescriptors) return toPathBytes(`${this.#directory}/${path}`);
    if (this.#open.size > MOST_OPEN) this[Symbol.dispose]();
    const { folder, name } = splitPath(path);
    return toPathBytes(`${this.#folder(folder)}/${name}`);
  }

  #folder(path: BytePath): BytePath {
    let fd = this.#open.get(path);
    if (fd === undefined) {
      fd = path === '' ? this.#openDirectory() : this.#openBelow(path);
      this.#open.set(path, fd);
    }
    return `${DESCRIPTORS}/${fd}`;
  }

  #openBelow(path: BytePath): number {
    const { folder, name } = splitPath(path);
    return openSync(toPathBytes(`${this.#folder(folder)}/${name}`), DIRECTORY_FLAGS);
  }

  #openDirectory(): number {
    try {
      return openSync(toPathBytes(this.#directory), this.#mayBeLink ? NAMED_DIRECTORY_FLAGS : DIRECTORY_FLAGS);
    } catch (error) {
      if (!isLinkCode(toErrno(error))) throw error;
      throw Object.assign(new Error('Expected a directory, got a link or a file.', { cause: error }), {
        code: 'ENOENT',
        syscall: 'open',
      });
    }
  }

  [Symbol.dispose](): void {
    for (const fd of this.#open.values()) closeSync(fd);
    this.#open.clear();
  }
}

/** Whether open(2) reports a link, or a file, in place of a directory. */
export function isLinkCode(code: string | undefined): boolean {
  return code === 'ELOOP' || code === 'ENOTDIR';
}
