import { createHash, randomBytes } from 'node:crypto';
import { lstat, rename, unlink } from 'node:fs/promises';
import type { BytePath } from '@sendit/files';
import { type ManifestFile, toErrno } from '@sendit/model';
import type { AfterStep, Dir } from './dir-tree.ts';
import { compareFiles, isAsSealed, openFile, tryLink } from './open-file.ts';

/** One original that a move is to remove, and the target that holds its content. */
export interface Original {
  readonly dir: Dir;
  readonly name: BytePath;
  readonly sealed: ManifestFile;
  /** Directory of the target, undefined when it is gone. */
  readonly target: Dir | undefined;
}

/** `kept`: it stays, since it is not what was sealed. */
export type Removal = 'removed' | 'kept' | 'not-at-target' | 'name-taken';

/**
 * Removes originals so that no other file can be hit: a file is renamed to a name that only this run knows, compared there with its
 * target, byte by byte unless both are one file, and only then unlinked. What turns out to be another file gets its name back.
 *
 * A run that dies leaves a file aside: {@link Asides.restore} of the next one gives it its name back. Names hold the key of the action, so
 * that it is found, and a random part, so that two runs at once never touch each other's.
 */
export class Asides {
  readonly #prefix: string;
  readonly #run = randomBytes(6).toString('hex');
  readonly #afterStep: AfterStep;
  /** Per directory what earlier runs left aside, by the digest of the name. */
  readonly #left = new WeakMap<Dir['handle'], Promise<ReadonlyMap<string, readonly BytePath[]>>>();

  constructor(key: string, afterStep: AfterStep) {
    this.#prefix = `.sendit-${key}-`;
    this.#afterStep = afterStep;
  }

  /** Gives a file that an earlier run left aside its name back; the name it still has when another file has taken its own meanwhile. */
  async restore(dir: Dir, name: BytePath): Promise<BytePath | undefined> {
    const left = this.#left.get(dir.handle) ?? this.#findLeft(dir);
    this.#left.set(dir.handle, left);
    for (const aside of (await left).get(digestOf(name)) ?? []) {
      if (!(await this.#putBack(dir, aside, name))) return aside;
    }
    return undefined;
  }

  /** Removes one original, or a file that still lies aside, when its target holds the same. */
  async remove({ dir, name, sealed, target }: Original, signal: AbortSignal, leftAside?: BytePath): Promise<Removal> {
    const aside = leftAside ?? (await this.#setAside(dir, name, sealed));
    if (aside === undefined) return 'kept';
    const seen = await this.#see(dir, aside, { name, sealed, target }, signal).catch(async (error: unknown) => {
      if (signal.aborted || toErrno(error) !== undefined) await this.#putBack(dir, aside, name);
      throw error;
    });
    if (seen === 'removed') {
      await unlink(dir.at(aside)).catch(ifGone);
      this.#afterStep('unlink');
      return seen;
    }
    return (await this.#putBack(dir, aside, name)) ? seen : 'name-taken';
  }

  /** Undefined when what has the name is not what was sealed. */
  async #setAside(dir: Dir, name: BytePath, sealed: ManifestFile): Promise<BytePath | undefined> {
    const now = await lstat(dir.at(name), { bigint: true }).catch(ifGone);
    if (now === undefined || !isAsSealed(now, sealed)) return undefined;
    this.#afterStep('look at an original');
    const aside = `${this.#prefix}${this.#run}-${digestOf(name)}`;
    try {
      await rename(dir.at(name), dir.at(aside));
    } catch (error) {
      return ifGone(error);
    }
    this.#afterStep('set aside');
    return aside;
  }

  async #see(
    dir: Dir,
    aside: BytePath,
    { name, sealed, target }: Omit<Original, 'dir'>,
    signal: AbortSignal,
  ): Promise<Removal> {
    const stats = await lstat(dir.at(aside), { bigint: true }).catch(ifGone);
    if (stats === undefined || !isAsSealed(stats, sealed)) return 'kept';
    const source = await openFile(dir, aside);
    if (source === undefined) return 'kept';
    await using _source = source;
    const isSame = target !== undefined && (await compareFiles(source.handle, target, name, signal)) === true;
    this.#afterStep('compare with the target');
    return isSame ? 'removed' : 'not-at-target';
  }

  /** False when another file has the name: the one aside stays aside, and nothing is overwritten. */
  async #putBack(dir: Dir, aside: BytePath, name: BytePath): Promise<boolean> {
    try {
      const linked = await tryLink(dir.at(aside), dir.at(name));
      // A run that died here has given the file its name back already.
      if (linked === 'exists' && !(await this.#areOne(dir, aside, name))) return false;
      this.#afterStep('give a name back');
      if (linked !== 'impossible') await unlink(dir.at(aside)).catch(ifGone);
      // Without links there is no renaming that cannot overwrite; the name was free a moment ago.
      else if ((await lstat(dir.at(name)).catch(ifGone)) === undefined) await rename(dir.at(aside), dir.at(name));
      else return false;
      this.#afterStep('put back');
      return true;
    } catch (error) {
      ifGone(error);
      return true;
    }
  }

  async #areOne(dir: Dir, aside: BytePath, name: BytePath): Promise<boolean> {
    const [one, other] = await Promise.all([aside, name].map((each) => lstat(dir.at(each), { bigint: true })));
    return one?.ino === other?.ino && one?.dev === other?.dev;
  }

  async #findLeft(dir: Dir): Promise<ReadonlyMap<string, readonly BytePath[]>> {
    const left = new Map<string, BytePath[]>();
    for (const aside of await dir.names()) {
      if (!aside.startsWith(this.#prefix)) continue;
      const digest = aside.slice(aside.lastIndexOf('-') + 1);
      left.set(digest, [...(left.get(digest) ?? []), aside]);
    }
    return left;
  }
}

/** Digest of a name, which may have the maximum length. */
function digestOf(name: BytePath): string {
  return createHash('sha1').update(name, 'latin1').digest('hex');
}

function ifGone(error: unknown): undefined {
  if (toErrno(error) !== 'ENOENT') throw error;
}
