import { type FileHandle, mkdir, open, readdir, rmdir } from 'node:fs/promises';
import { type BytePath, toPathBytes, DIRECTORY_FLAGS, NAMED_DIRECTORY_FLAGS } from '@sendit/files';
import { toErrno } from '@sendit/model';

const MOST_OPEN = 200;

/** Hears of every change on disk once it is made; tests end the world there. */
export type AfterStep = (step: string) => void;

/**
 * Directories below one folder, opened one component at a time and never through a symbolic link. What is done in one names it by its
 * descriptor (`/proc/self/fd`, proc(5)), so that nobody can put a link in its place in between.
 */
export class DirTree implements AsyncDisposable {
  readonly #open = new Map<BytePath, FileHandle>();
  readonly #root: FileHandle;
  readonly #afterStep: AfterStep;

  private constructor(root: FileHandle, afterStep: AfterStep) {
    this.#root = root;
    this.#afterStep = afterStep;
  }

  /** Rejects with the system's error where the folder cannot be opened. */
  static async open(folder: string, afterStep: AfterStep): Promise<DirTree> {
    return new DirTree(await open(folder, NAMED_DIRECTORY_FLAGS), afterStep);
  }

  /**
   * Opens a directory of the tree; undefined if it does not exist. Rejects with ELOOP or ENOTDIR if it is something
   * else.
   */
  async find(path: BytePath): Promise<Dir | undefined> {
    try {
      return await this.#walk(path, false);
    } catch (error) {
      if (toErrno(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** A directory of the tree, made where it is not there. */
  make(path: BytePath): Promise<Dir> {
    return this.#walk(path, true);
  }

  /** Removes an empty directory right below the folder. Rejects with the system's error. */
  async remove(name: BytePath): Promise<void> {
    await this.#open.get(name)?.close();
    this.#open.delete(name);
    await rmdir(new Dir(this.#root).at(name));
  }

  /** Of the folder itself. */
  async device(): Promise<bigint> {
    return (await this.#root.stat({ bigint: true })).dev;
  }

  /** Between pieces of work: descriptors are few. */
  async trim(): Promise<void> {
    if (this.#open.size > MOST_OPEN) await this.#closeAll();
  }

  async #walk(path: BytePath, create: boolean): Promise<Dir> {
    if (path === '') return new Dir(this.#root);
    const known = this.#open.get(path);
    if (known !== undefined) return new Dir(known);
    const slash = path.lastIndexOf('/');
    const parent = await this.#walk(path.slice(0, Math.max(slash, 0)), create);
    const name = path.slice(slash + 1);
    if (create && (await this.#makeOne(parent, name))) {
      await parent.sync();
      this.#afterStep('sync a new directory');
    }
    const handle = await open(parent.at(name), DIRECTORY_FLAGS);
    this.#open.set(path, handle);
    return new Dir(handle);
  }

  async #makeOne(parent: Dir, name: BytePath): Promise<boolean> {
    try {
      await mkdir(parent.at(name));
      this.#afterStep('mkdir');
      return true;
    } catch (error) {
      if (toErrno(error) === 'EEXIST') return false;
      throw error;
    }
  }

  async #closeAll(): Promise<void> {
    const handles = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(handles.map((handle) => handle.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closeAll();
    await this.#root.close();
  }
}

/** One open directory. */
export class Dir {
  readonly handle: FileHandle;

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  /** Path for a system call that leads to the entry of this very directory. */
  at(name: BytePath): Buffer {
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.handle.fd}/`), toPathBytes(name)]);
  }

  /** Forces its entries to the disk, where the file system can (CIFS and some FUSE mounts refuse it for a directory). */
  async sync(): Promise<void> {
    try {
      await this.handle.sync();
    } catch (error) {
      if (!['EINVAL', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP'].includes(toErrno(error) ?? '')) throw error;
    }
  }

  /** The names in it. */
  async names(): Promise<readonly BytePath[]> {
    const names = await readdir(this.at('.'), { encoding: 'buffer' });
    return names.map((name) => name.toString('latin1'));
  }
}
