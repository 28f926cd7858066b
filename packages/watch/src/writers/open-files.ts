import { IN } from '@sendit/model';

/** One file whose life was seen from its creation. */
interface KnownFile {
  /** How often it was opened and not closed since. The kernel makes one event of two equal ones in a row: at least so often. */
  opens: number;
  /** Content was written and its writer has not closed it. */
  isWritten: boolean;
  /** Nobody has closed it for writing yet: whoever opened it first is its creator. */
  isFresh: boolean;
}

/**
 * Which files are being written, by inotify's events alone: no privilege is needed, and processes of every user on this host count. Pure.
 *
 * unknown  there before anybody listened, or moved here: written from IN_MODIFY to IN_CLOSE_WRITE
 * fresh    IN_CREATE was heard: written from its IN_OPEN on. link(2) makes a file and opens none
 * closed   IN_CLOSE_WRITE was heard: written again from an IN_MODIFY after an IN_OPEN; one alone is truncate(2), which holds nothing open
 *
 * A move, a deletion and an overflow of the kernel's queue end what was known. Not seen: a writer that has opened a file before anybody
 * listened, or reopened one, and has written nothing since.
 */
export class OpenFiles {
  readonly #known = new Map<string, KnownFile>();
  /** Defaults of unknown files. */
  readonly #written = new Set<string>();

  /** One event of a file, in order. Paths are anything that names a file as long as it is not moved. */
  see(path: string, mask: number): void {
    const file = this.#known.get(path);
    if ((mask & IN.IN_CREATE) !== 0) {
      this.#written.delete(path);
      this.#known.set(path, { opens: 0, isWritten: false, isFresh: true });
    } else if ((mask & (IN.IN_DELETE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO)) !== 0) {
      this.#forget(path);
    } else if (file === undefined) {
      if ((mask & IN.IN_MODIFY) !== 0) this.#written.add(path);
      if ((mask & IN.IN_CLOSE_WRITE) !== 0) this.#written.delete(path);
    } else if ((mask & IN.IN_OPEN) !== 0) {
      file.opens += 1;
    } else if ((mask & IN.IN_MODIFY) !== 0) {
      file.isWritten ||= file.opens > 0;
    } else if ((mask & IN.IN_CLOSE_WRITE) !== 0) {
      file.opens = Math.max(0, file.opens - 1);
      file.isWritten = false;
      file.isFresh = false;
    } else if ((mask & IN.IN_CLOSE_NOWRITE) !== 0) {
      this.#closeReader(path, file);
    }
  }

  /** A directory was deleted or moved, and all below it with it. */
  leave(directory: string): void {
    const prefix = `${directory}/`;
    for (const path of [...this.#known.keys(), ...this.#written]) if (path.startsWith(prefix)) this.#forget(path);
  }

  /** Events were lost: what is open is not known any more. */
  clear(): void {
    this.#known.clear();
    this.#written.clear();
  }

  has(path: string): boolean {
    const file = this.#known.get(path);
    return file === undefined ? this.#written.has(path) : isOpen(file);
  }

  /** Every file that is being written. */
  *[Symbol.iterator](): IterableIterator<string> {
    yield* this.#written;
    for (const [path, file] of this.#known) if (isOpen(file)) yield path;
  }

  /** The last one that is known may have been its creator, or a reader beside one: then it has to write to be seen. */
  #closeReader(path: string, file: KnownFile): void {
    if (file.opens > 1) file.opens -= 1;
    else if (!file.isWritten) this.#forget(path);
  }

  #forget(path: string): void {
    this.#known.delete(path);
    this.#written.delete(path);
  }
}

function isOpen({ isFresh, isWritten, opens }: KnownFile): boolean {
  return isWritten || (isFresh && opens > 0);
}
