import { lstat, rmdir, unlink } from 'node:fs/promises';
import { relative } from 'node:path';
import type { ActionAttempt, ManifestFile, PlaceAction } from '@sendit/model';
import { type AttemptOutcome, failedForGood, failedForNow } from '../outcome.ts';
import { type AfterStep, type Dir, DirTree, toErrno } from './dir-tree.ts';
import { type Placed, placeFile, removeUnfinished } from './place-file.ts';
import { type BytePath, isBelow, joinPath, toBytePath, toSealedPath } from './sealed-path.ts';

/** Where the files of a batch are, and which they are. */
export interface BatchFiles {
  /** Folder of the watch path on this host. */
  readonly folder: string;
  readonly files: AsyncIterable<readonly ManifestFile[]>;
  readonly afterStep?: AfterStep;
}

/** Files that are placed before any of their originals is removed: so many share one fsync of their directories. */
const CHUNK = 200;

/** What the batch is now: nothing that another attempt could mend. */
const FOR_GOOD: ReadonlySet<string> = new Set(['ELOOP', 'ENOTDIR', 'ENAMETOOLONG']);

/**
 * Copies or moves the sealed files of a batch to a directory of its own below `to`, file by file; may be cut off after any step and
 * begun again. For some files at a time: each is at its target, their directories are on the disk, and only then, for a move, the
 * originals go, and at the end the directories that are empty. What was not sealed stays where it is.
 * @throws the signal's reason when aborted.
 */
export async function placeBatch(
  action: PlaceAction,
  attempt: Pick<ActionAttempt, 'id' | 'relativePath' | 'batch'>,
  { folder, files, afterStep = () => undefined }: BatchFiles,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const source = toBytePath(relative(folder, attempt.batch.path));
  const target = toBytePath(toTargetName(attempt));
  if ((source !== '' && !isBelow(source)) || !isBelow(target)) {
    return failedForGood('its directory is not below the watch path');
  }
  try {
    await using from = await DirTree.open(folder, afterStep);
    await using to = await openTarget(action.to, afterStep);
    if (to === undefined) return failedForNow('the target folder is not there');
    const work = new PlaceWork({ action, from, to, source, target, key: attempt.id, afterStep });
    let count = 0;
    for await (const part of files) {
      for (let start = 0; start < part.length; start += CHUNK) {
        const refusal = await work.place(part.slice(start, start + CHUNK), signal);
        if (refusal !== undefined) return refusal;
      }
      count += part.length;
    }
    if (count === 0 && attempt.batch.files > 0)
      return failedForGood('the batch was sealed without a list of its files');
    // Loose files of a unit lie in the sender's own folders: those are not a batch's.
    if (action.kind === 'move' && source !== '') await work.removeDirectories();
    return { kind: 'done', code: null };
  } catch (error) {
    const errno = toErrno(error);
    if (errno === undefined) throw error;
    return FOR_GOOD.has(errno)
      ? failedForGood(`a symbolic link or something else is in the way (${errno})`)
      : failedForNow(errno);
  }
}

/** Another generation of a path has other files, perhaps under the same names. */
function toTargetName({ relativePath, batch }: Pick<ActionAttempt, 'relativePath' | 'batch'>): string {
  return batch.generation === 1 ? relativePath : `${relativePath}.generation-${batch.generation}`;
}

/** It must be there: made anew, a file system that is not mounted would be filled below its mount point. */
async function openTarget(folder: string, afterStep: AfterStep): Promise<DirTree | undefined> {
  try {
    return await DirTree.open(folder, afterStep);
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

interface PlaceParts {
  readonly action: PlaceAction;
  readonly from: DirTree;
  readonly to: DirTree;
  /** The batch directory below the watch path, and below the target folder. */
  readonly source: BytePath;
  readonly target: BytePath;
  readonly key: string;
  readonly afterStep: AfterStep;
}

interface Original {
  readonly dir: Dir;
  readonly name: BytePath;
  readonly stats: NonNullable<(Placed & { kind: 'there' })['original']>;
}

/** The work of one attempt. */
class PlaceWork {
  readonly #parts: PlaceParts;
  readonly #tempPrefix: string;
  readonly #cleaned = new Set<BytePath>();
  /** Directories that held sealed files, below the watch path. */
  readonly #emptied = new Set<BytePath>();

  constructor(parts: PlaceParts) {
    this.#parts = parts;
    this.#tempPrefix = `.sendit-${parts.key}-`;
  }

  /** Places some files and removes their originals if it is a move; the reason, when one cannot be. */
  async place(files: readonly ManifestFile[], signal: AbortSignal): Promise<AttemptOutcome | undefined> {
    const { action, afterStep, from, to } = this.#parts;
    const touched = new Set<Dir['handle']>();
    const originals: Original[] = [];
    for (const sealed of files) {
      signal.throwIfAborted();
      const path = toSealedPath(sealed);
      if (path === undefined) return failedForGood('the list of files names one outside its directory');
      const sourceDirectory = joinPath(this.#parts.source, path.directory);
      const dir = await from.find(sourceDirectory);
      const target = await this.#openTarget(joinPath(this.#parts.target, path.directory));
      const placing = {
        name: path.name,
        sealed,
        from: dir,
        to: target,
        mayLink: action.kind === 'move',
        tempPrefix: this.#tempPrefix,
      };
      const placed = await placeFile(placing, afterStep, signal);
      if (placed.kind === 'refused') return { ...placed, kind: 'failed', code: null };
      touched.add(target.handle);
      this.#emptied.add(sourceDirectory);
      if (dir !== undefined && placed.original !== undefined) {
        originals.push({ dir, name: path.name, stats: placed.original });
      }
    }
    for (const handle of touched) await handle.sync();
    afterStep('sync the target');
    if (action.kind === 'move') await this.#removeOriginals(originals);
    await from.trim();
    await to.trim();
    return undefined;
  }

  async #openTarget(path: BytePath): Promise<Dir> {
    const dir = await this.#parts.to.make(path);
    if (!this.#cleaned.has(path)) {
      await removeUnfinished(dir, this.#tempPrefix, this.#parts.afterStep);
      this.#cleaned.add(path);
    }
    return dir;
  }

  /** Only what was placed: a file that took the name meanwhile came later, and stays. */
  async #removeOriginals(originals: readonly Original[]): Promise<void> {
    const touched = new Set<Dir['handle']>();
    for (const { dir, name, stats } of originals) {
      const now = await lstat(dir.at(name), { bigint: true }).catch(ifGone);
      const isOurs = now?.ino === stats.ino && now.size === stats.size && now.mtimeNs === stats.mtimeNs;
      if (!isOurs) continue;
      await unlink(dir.at(name)).catch(ifGone);
      this.#parts.afterStep('unlink');
      touched.add(dir.handle);
    }
    for (const handle of touched) await handle.sync();
  }

  /** From the deepest up to the batch directory itself; never the watch path's folder. One that holds something stays. */
  async removeDirectories(): Promise<void> {
    const { source, from, afterStep } = this.#parts;
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
}

function parentOf(path: BytePath): BytePath {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function ifGone(error: unknown): undefined {
  if (toErrno(error) !== 'ENOENT') throw error;
}

function ifHeld(error: unknown): undefined {
  if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EBUSY'].includes(toErrno(error) ?? '')) throw error;
}
