import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A change of an entry, in chokidar's words. */
export type EntryWord = 'add' | 'addDir' | 'unlink' | 'unlinkDir';

export interface ChokidarTreeDeps {
  /** The root as chokidar names it. */
  readonly root: string;
  readonly watcher: { getWatched(): Record<string, string[]>; add(path: string): unknown };
  /** A listing shows it and chokidar has not told of it. */
  readonly onFound: (word: EntryWord, path: string) => void;
  /** Pause before a new directory is looked at again, in milliseconds. */
  readonly recheckMs: number;
  /** Pause between two comparisons of the whole tree, ±10 %; 0 for none. */
  readonly rescanMs: number;
}

/** Whether an arrival is a directory. */
const ARRIVALS: Readonly<Record<string, boolean>> = { add: false, addDir: true };

/**
 * Compensates for chokidar's misses: entries made in a new directory before chokidar watches it, and that directory's
 * subdirectories for good. Lists each new directory at once, and again later, when chokidar watches it by itself or is
 * told to. Compares the whole tree at intervals. Reports every entry once, whoever finds it first.
 */
export class ChokidarTree implements Disposable {
  foundByRescan = 0;
  rescans = 0;
  readonly #deps: ChokidarTreeDeps;
  /** By directory: its entries, and whether each is a directory. */
  readonly #known = new Map<string, Map<string, boolean>>();
  /** One for each listing under way: what chokidar told of meanwhile, of which the listing has nothing to say. */
  readonly #touched = new Set<Set<string>>();
  #fresh = new Set<string>();
  #recheck: NodeJS.Timeout | undefined;
  #rescan: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(deps: ChokidarTreeDeps) {
    this.#deps = deps;
    const watched = deps.watcher.getWatched();
    for (const [folder, names] of Object.entries(watched)) {
      if (folder !== deps.root && !folder.startsWith(join(deps.root, '/'))) continue;
      this.#known.set(folder, new Map(names.map((name) => [name, join(folder, name) in watched])));
    }
    this.#planRescan();
  }

  /** Records an entry from chokidar; false if already reported. */
  note(word: string, path: string): boolean {
    for (const touched of this.#touched) touched.add(path);
    const isDir = ARRIVALS[word];
    if (isDir !== undefined) return this.#add(path, isDir);
    return word === 'change' || this.#remove(path);
  }

  /** Compares the whole tree with the disk. */
  async rescan(): Promise<void> {
    this.rescans += 1;
    this.foundByRescan += await this.#look(this.#deps.root, true);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#recheck);
    clearTimeout(this.#rescan);
  }

  /** False if already reported, or if its directory is not: its listing will report it. */
  #add(path: string, isDir: boolean): boolean {
    if (!this.#isThere(dirname(path))) return false;
    const entries = this.#entriesOf(dirname(path));
    if (entries.get(basename(path)) === isDir) return false;
    entries.set(basename(path), isDir);
    if (isDir) {
      this.#fresh.add(path);
      this.#recheck ??= setTimeout(() => void this.#lookAgain(), this.#deps.recheckMs);
      void this.#look(path, false);
    }
    return true;
  }

  #remove(path: string): boolean {
    const entries = this.#known.get(dirname(path));
    const isDir = entries?.get(basename(path));
    entries?.delete(basename(path));
    if (isDir === true) this.#forget(path);
    return isDir !== undefined;
  }

  #forget(folder: string): void {
    for (const [name, isDir] of this.#known.get(folder) ?? []) if (isDir) this.#forget(join(folder, name));
    this.#known.delete(folder);
  }

  /** Lists a directory and tells what differs; `deep`: and the known ones below it. How many differed. */
  async #look(folder: string, deep: boolean): Promise<number> {
    const touched = new Set<string>();
    this.#touched.add(touched);
    const listed = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
    this.#touched.delete(touched);
    // What cannot be listed is told of by its parent's listing, or is in trouble that chokidar reports.
    if (listed === undefined || this.#closed || !this.#isThere(folder)) return 0;
    const below = deep ? listed.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)) : [];
    let found = this.#compare(folder, listed, touched);
    for (const path of below) found += await this.#look(path, true);
    return found;
  }

  #compare(folder: string, listed: readonly Dirent[], touched: ReadonlySet<string>): number {
    const there = new Map(listed.map((entry) => [entry.name, entry.isDirectory()]));
    let found = 0;
    for (const [name, isDir] of this.#entriesOf(folder)) {
      const path = join(folder, name);
      if (there.get(name) === isDir || touched.has(path) || !this.#remove(path)) continue;
      found += 1;
      this.#deps.onFound(isDir ? 'unlinkDir' : 'unlink', path);
    }
    for (const [name, isDir] of there) {
      const path = join(folder, name);
      if (touched.has(path) || !this.#add(path, isDir)) continue;
      found += 1;
      this.#deps.onFound(isDir ? 'addDir' : 'add', path);
    }
    return found;
  }

  /** By now chokidar watches the new directories, or never will by itself. */
  async #lookAgain(): Promise<void> {
    const fresh = this.#fresh;
    this.#fresh = new Set();
    this.#recheck = undefined;
    const watched = this.#deps.watcher.getWatched();
    for (const folder of fresh) {
      if (!this.#isThere(folder)) continue;
      if (!(folder in watched)) this.#deps.watcher.add(folder);
      await this.#look(folder, false);
      if (this.#closed) return;
    }
  }

  /** The root, or a directory that was told and did not go away since. */
  #isThere(folder: string): boolean {
    return folder === this.#deps.root || this.#known.get(dirname(folder))?.get(basename(folder)) === true;
  }

  #entriesOf(folder: string): Map<string, boolean> {
    const entries = this.#known.get(folder) ?? new Map<string, boolean>();
    this.#known.set(folder, entries);
    return entries;
  }

  #planRescan(): void {
    const { rescanMs } = this.#deps;
    if (rescanMs === 0 || this.#closed) return;
    const pauseMs = Math.min(rescanMs * (0.9 + Math.random() * 0.2), 0x7fff_ffff);
    this.#rescan = setTimeout(() => void this.rescan().then(() => this.#planRescan()), pauseMs);
  }
}
