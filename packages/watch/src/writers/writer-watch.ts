import { type Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { getSystemErrorName } from 'node:util';
import { IN } from '@sendit/model';
import { decodeKey } from '../decode-name.ts';
import { type InotifyBinding, loadInotifyBinding } from '../inotify/binding.ts';
import { Reader } from '../inotify/reader.ts';
import type { InotifyRecord } from '../inotify/record-queue.ts';
import { OpenFiles } from './open-files.ts';

/** Files of one directory that are being written. */
export interface OpenFilesSighting {
  readonly files: number;
  /** Path of one of them, below the directory. */
  readonly example: string;
}

/** Hears inside single directories, with all below them, which files are being written. */
export interface WriterWatch extends AsyncDisposable {
  /** Hears what is written in a directory from now on, until {@link WriterWatch.leave}, or until it is moved or deleted. Idempotent. */
  follow(directory: string): void;
  leave(directory: string): void;
  /** By the events heard so far; undefined for none, and where nobody follows. */
  sighting(directory: string): OpenFilesSighting | undefined;
  /** The errno of what kept a directory from being followed, such as ENOSPC at the limit of watches; undefined while none did. */
  readonly problem: string | undefined;
  /** Directories that are followed. */
  readonly size: number;
  /** The same as `Symbol.asyncDispose`. */
  close(): Promise<void>;
}

const IN_ONLYDIR = 0x0100_0000;
const IN_DONT_FOLLOW = 0x0200_0000;
const IN_EXCL_UNLINK = 0x0400_0000;
const IN_ISDIR = 0x4000_0000;
const FILE_EVENTS =
  IN.IN_CREATE |
  IN.IN_OPEN |
  IN.IN_MODIFY |
  IN.IN_CLOSE_WRITE |
  IN.IN_CLOSE_NOWRITE |
  IN.IN_MOVED_FROM |
  IN.IN_MOVED_TO |
  IN.IN_DELETE;
const MASK = FILE_EVENTS | IN.IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;
const LEFT = IN.IN_MOVED_FROM | IN.IN_DELETE;
const CAME = IN.IN_CREATE | IN.IN_MOVED_TO;

/** Longest time that a burst may keep the event loop. */
const SLICE_MS = 4;
const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/**
 * Opens an inotify instance that hears who writes; undefined where there is no inotify. It does not keep the process alive, and its own
 * listings of directories are no writers.
 */
export async function openWriterWatch(): Promise<WriterWatch | undefined> {
  const loaded = await loadInotifyBinding();
  if (loaded.kind === 'unavailable') return undefined;
  let onRecords = (): void => undefined;
  const reader = Reader.open(loaded.binding, { onRecords: () => onRecords() });
  if (typeof reader === 'number') return undefined;
  const watch = new Followed(loaded.binding, reader);
  onRecords = () => watch.wake();
  return watch;
}

/** A directory that somebody follows. */
interface Tree {
  readonly path: string;
  readonly wds: Set<number>;
  readonly open: OpenFiles;
}

/** One watched directory; `below` is its path within the tree, one latin1 character per byte. */
interface Place {
  readonly tree: Tree;
  readonly below: string;
}

class Followed implements WriterWatch {
  readonly #binding: InotifyBinding;
  readonly #reader: Reader;
  readonly #trees = new Map<string, Tree>();
  readonly #places = new Map<number, Place>();
  #isAwake = false;
  #isClosed = false;
  problem: string | undefined;

  constructor(binding: InotifyBinding, reader: Reader) {
    this.#binding = binding;
    this.#reader = reader;
  }

  get size(): number {
    return this.#trees.size;
  }

  follow(directory: string): void {
    if (this.#isClosed || this.#trees.has(directory)) return;
    const tree: Tree = { path: directory, wds: new Set(), open: new OpenFiles() };
    this.#trees.set(directory, tree);
    if (!this.#watch({ tree, below: '' })) this.#trees.delete(directory);
  }

  leave(directory: string): void {
    const tree = this.#trees.get(directory);
    if (tree === undefined) return;
    this.#trees.delete(directory);
    for (const wd of tree.wds) if (this.#places.get(wd)?.tree === tree) this.#drop(wd);
  }

  sighting(directory: string): OpenFilesSighting | undefined {
    while (this.#handleNext()) continue;
    const open = [...(this.#trees.get(directory)?.open ?? [])];
    const [first] = open;
    return first === undefined ? undefined : { files: open.length, example: decodeKey(first).name };
  }

  /** There are records; others have their turn between two slices. */
  wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    setImmediate(() => {
      const until = performance.now() + SLICE_MS;
      let isBusy = true;
      while (isBusy && performance.now() < until) isBusy = this.#handleNext();
      this.#isAwake = false;
      if (isBusy) this.wake();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#trees.clear();
    this.#places.clear();
    this.#reader.close();
    await this.#reader.closed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Watches a directory and, a little later, those that are in it already. False where it cannot be watched. */
  #watch(place: Place): boolean {
    const { below, tree } = place;
    const path = Buffer.from(`${Buffer.from(tree.path).toString('latin1')}/${below}\0`, 'latin1');
    const wd = this.#binding.addWatch(this.#reader.fd, path, MASK);
    if (wd < 0) {
      const code = getSystemErrorName(wd);
      if (!GONE.has(code)) this.problem = code;
      return false;
    }
    this.problem = undefined;
    // The kernel has one watch for each directory: an event and a listing may both tell of it.
    const known = this.#places.get(wd);
    if (known?.tree === tree && known.below === below) return true;
    this.#places.set(wd, place);
    tree.wds.add(wd);
    void this.#watchBelow(wd, place, path.subarray(0, -1));
    return true;
  }

  async #watchBelow(wd: number, { below, tree }: Place, path: Buffer): Promise<void> {
    const entries = (await readdir(path, { withFileTypes: true, encoding: 'buffer' as BufferEncoding }).catch(
      () => [],
    )) as unknown as Dirent<Buffer>[];
    for (const entry of entries) {
      if (this.#places.get(wd)?.tree !== tree) return;
      if (entry.isDirectory()) this.#watch({ tree, below: join(below, entry.name.toString('latin1')) });
    }
  }

  #handleNext(): boolean {
    let record: InotifyRecord | undefined;
    try {
      record = this.#reader.take();
    } catch {
      // It cannot be read any more: nothing is known.
      for (const { open } of this.#trees.values()) open.clear();
      this.problem = 'EIO';
      return false;
    }
    if (record === undefined) return false;
    this.#handle(record);
    return true;
  }

  #handle({ key, mask, wd }: InotifyRecord): void {
    if ((mask & IN.IN_Q_OVERFLOW) !== 0) {
      for (const { open } of this.#trees.values()) open.clear();
      return;
    }
    const place = this.#places.get(wd);
    if (place === undefined) return;
    const { below, tree } = place;
    if ((mask & IN.IN_IGNORED) !== 0) {
      this.#places.delete(wd);
      tree.wds.delete(wd);
      if (below === '') this.#trees.delete(tree.path);
    } else if ((mask & IN.IN_MOVE_SELF) !== 0) {
      // Of one below, its directory tells.
      if (below === '') this.leave(tree.path);
    } else if ((mask & IN_ISDIR) === 0) {
      tree.open.see(join(below, key), mask);
    } else if ((mask & LEFT) !== 0) {
      this.#leaveBelow(tree, join(below, key));
    } else if ((mask & CAME) !== 0) {
      this.#watch({ tree, below: join(below, key) });
    }
  }

  #leaveBelow(tree: Tree, below: string): void {
    tree.open.leave(below);
    for (const wd of tree.wds) {
      const other = this.#places.get(wd)?.below ?? '';
      if (`${other}/`.startsWith(`${below}/`)) this.#drop(wd);
    }
  }

  #drop(wd: number): void {
    this.#places.get(wd)?.tree.wds.delete(wd);
    this.#places.delete(wd);
    if (!this.#isClosed) this.#binding.removeWatch(this.#reader.fd, wd);
  }
}

function join(below: string, name: string): string {
  return below === '' ? name : `${below}/${name}`;
}
