import { rmdir, unlink } from 'node:fs/promises';
import type { BytePath } from '@sendit/files';
import { type ManifestFile, toErrno } from '@sendit/model';
import { type AttemptOutcome, failedForGood, failedForNow } from '../outcome.ts';
import type { AfterStep, Dir, DirTree } from './dir-tree.ts';
import { placeFile } from './place-file.ts';
import { joinPath, type SealedPath, toSealedPath } from './sealed-path.ts';
import { Asides } from './set-aside.ts';

export interface PlaceParts {
  readonly isMove: boolean;
  /** An earlier attempt had placed every file. */
  readonly isPlaced: boolean;
  /** Device of the watch path. */
  readonly device: bigint;
  readonly from: DirTree;
  readonly to: DirTree;
  /** The batch directory below the watch path, and below the target folder. */
  readonly source: BytePath;
  readonly target: BytePath;
  /** Of the action: begins the names of all that is unfinished. */
  readonly key: string;
  /** Whether a touched file holds what its import did not read. */
  readonly isOther?: ((sealed: ManifestFile) => Promise<boolean>) | undefined;
  readonly afterStep: AfterStep;
}

const OUTSIDE = failedForGood('the list of files names one outside its directory');
const NAME_TAKEN = failedForGood(
  'a file that came while its batch was moved lies aside, since another has its name by now: see the files beside it whose names begin with .sendit-',
);

/** The work of one attempt: files to their targets, then originals away. Disposing removes what is unfinished. */
export class PlaceWork implements AsyncDisposable {
  readonly #work: PlaceParts;
  readonly #asides: Asides;
  readonly #partsName: BytePath;
  /** Directories that held sealed files, below the watch path. */
  readonly #emptied = new Set<BytePath>();

  constructor(work: PlaceParts) {
    this.#work = work;
    this.#asides = new Asides(work.key, work.afterStep);
    this.#partsName = `.sendit-${work.key}.parts`;
  }

  /** Brings some files to their targets, and these to the disk; the reason, when one cannot be. */
  async place(files: readonly ManifestFile[], signal: AbortSignal): Promise<AttemptOutcome | undefined> {
    const { afterStep, device, from, isMove, isOther, isPlaced, to } = this.#work;
    const touched = new Map<Dir['handle'], Dir>();
    for (const sealed of files) {
      signal.throwIfAborted();
      const path = toSealedPath(sealed);
      if (path === undefined) return OUTSIDE;
      const dir = await from.find(this.#sourceOf(path));
      const sourceName = isMove && dir !== undefined ? await this.#asides.restore(dir, path.name) : undefined;
      const target = await to.make(joinPath(this.#work.target, path.directory));
      const placed = await placeFile(
        {
          name: path.name,
          sourceName,
          sealed,
          from: dir,
          to: target,
          parts: () => to.make(this.#partsName),
          mayLink: isMove,
          isPlaced,
          device,
          isOther,
        },
        afterStep,
        signal,
      );
      if (placed.kind === 'refused') return { ...placed, kind: 'failed', code: null };
      touched.set(target.handle, target);
    }
    for (const dir of touched.values()) await dir.sync();
    afterStep('sync the target');
    await this.#trim();
    return undefined;
  }

  /** Removes the originals of some files that are all at their targets. */
  async removeOriginals(files: readonly ManifestFile[], signal: AbortSignal): Promise<AttemptOutcome | undefined> {
    const { from, to } = this.#work;
    const touched = new Map<Dir['handle'], Dir>();
    for (const sealed of files) {
      signal.throwIfAborted();
      const path = toSealedPath(sealed);
      if (path === undefined) return OUTSIDE;
      this.#emptied.add(this.#sourceOf(path));
      const dir = await from.find(this.#sourceOf(path));
      if (dir === undefined) continue;
      const { name } = path;
      const target = await to.find(joinPath(this.#work.target, path.directory));
      const leftAside = await this.#asides.restore(dir, name);
      const removal = await this.#asides.remove({ dir, name, sealed, target }, signal, leftAside);
      if (removal === 'not-at-target') return failedForNow('a file is not at the target any more');
      if (removal === 'name-taken') return NAME_TAKEN;
      touched.set(dir.handle, dir);
    }
    for (const dir of touched.values()) await dir.sync();
    await this.#trim();
    return undefined;
  }

  /** From the deepest up to the batch directory itself; never the watch path's folder. One that holds something stays. */
  async removeDirectories(): Promise<void> {
    const { source, from, afterStep } = this.#work;
    const all = new Set<BytePath>();
    for (const directory of this.#emptied) {
      for (let path = directory; path !== '' && path.startsWith(source); path = parentOf(path)) all.add(path);
    }
    for (const path of [...all].toSorted((a, b) => b.split('/').length - a.split('/').length)) {
      const parent = await from.find(parentOf(path));
      if (parent === undefined) continue;
      await rmdir(parent.at(path.slice(path.lastIndexOf('/') + 1))).catch(ifHeld);
      afterStep('rmdir');
    }
  }

  /** Copies that an attempt began and did not name. */
  async removeUnfinished(): Promise<void> {
    const { afterStep, to } = this.#work;
    const parts = await to.find(this.#partsName);
    if (parts === undefined) return;
    for (const name of await parts.names()) {
      await unlink(parts.at(name)).catch(ifHeld);
      afterStep('remove an unfinished copy');
    }
    await to.remove(this.#partsName).catch(ifHeld);
  }

  #sourceOf(path: SealedPath): BytePath {
    return joinPath(this.#work.source, path.directory);
  }

  async #trim(): Promise<void> {
    await this.#work.from.trim();
    await this.#work.to.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.removeUnfinished();
    } catch {
      // What ended the attempt is what counts; the next one removes the rest.
    }
  }
}

function parentOf(path: BytePath): BytePath {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function ifHeld(error: unknown): undefined {
  if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EBUSY'].includes(toErrno(error) ?? '')) throw error;
}
