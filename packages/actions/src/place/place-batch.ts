import { relative } from 'node:path';
import { toBytePath } from '@sendit/files';
import { type ActionAttempt, type ManifestFile, type PlaceAction, toErrno } from '@sendit/model';
import { type AttemptOutcome, failedForGood, failedForNow } from '../outcome.ts';
import { type AfterStep, DirTree } from './dir-tree.ts';
import { PlaceWork } from './place-work.ts';
import { isBelow } from './sealed-path.ts';
import { toTargetName } from './target-name.ts';

/** Where the files of a batch are, and which they are. */
export interface BatchFiles {
  /** Folder of the watch path on this host. */
  readonly folder: string;
  /** The sealed files, each time from the first. */
  readonly files: () => AsyncIterable<readonly ManifestFile[]>;
  /** Notes for good that every file of a move is at its target; false when another run has ended the action. */
  readonly notePlaced: () => Promise<boolean>;
  /** Whether a file that was touched after the seal holds what its import did not read; without it nobody asks. */
  readonly isOther?: ((sealed: ManifestFile, signal: AbortSignal) => Promise<boolean>) | undefined;
  readonly afterStep?: AfterStep;
}

/** Number of files placed together, with one fsync of their directories. */
const CHUNK = 200;

/** Errors caused by the batch itself: another attempt cannot succeed. */
const FOR_GOOD: ReadonlySet<string> = new Set(['ELOOP', 'ENOTDIR', 'ENAMETOOLONG']);

/**
 * Copies or moves the sealed files of a batch to a directory of its own below `to`, file by file; may be cut off after any step and
 * begun again. First each file is at its target and on the disk; a move notes that, and only then the originals go, each compared with
 * its target once more, and at the end the directories that are empty. What was not sealed stays where it is.
 * @throws the signal's reason when aborted.
 */
export async function placeBatch(
  action: PlaceAction,
  attempt: Pick<ActionAttempt, 'id' | 'relativePath' | 'isPlaced' | 'batch'>,
  { folder, files, isOther, notePlaced, afterStep = () => undefined }: BatchFiles,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { batch, id: key, isPlaced, relativePath } = attempt;
  const source = toBytePath(relative(folder, batch.path));
  const target = toBytePath(toTargetName(relativePath, batch.generation));
  if ((source !== '' && !isBelow(source)) || !isBelow(target)) {
    return failedForGood('its directory is not below the watch path');
  }
  try {
    await using from = await DirTree.open(folder, afterStep);
    await using to = await openTarget(action.to, afterStep);
    if (to === undefined) return failedForNow('the target folder is not there');
    const isMove = action.kind === 'move';
    const device = await from.device();
    const asking = { isOther: isOther && ((sealed: ManifestFile) => isOther(sealed, signal)) };
    await using work = new PlaceWork({ isMove, isPlaced, device, from, to, source, target, key, afterStep, ...asking });
    await work.removeUnfinished();
    let count = 0;
    for await (const chunk of inChunks(files())) {
      const refusal = await work.place(chunk, signal);
      if (refusal !== undefined) return refusal;
      count += chunk.length;
    }
    if (count === 0 && batch.files > 0) return failedForGood('the batch was sealed without a list of its files');
    if (!isMove) return { kind: 'done', code: null };
    if (!isPlaced && !(await notePlaced())) return { kind: 'done', code: null };
    afterStep('note that all is placed');
    for await (const chunk of inChunks(files())) {
      const refusal = await work.removeOriginals(chunk, signal);
      if (refusal !== undefined) return refusal;
    }
    // Loose files of a unit lie in the sender's own folders: those are not a batch's.
    if (source !== '') await work.removeDirectories();
    return { kind: 'done', code: null };
  } catch (error) {
    const errno = toErrno(error);
    if (errno === undefined) throw error;
    return FOR_GOOD.has(errno)
      ? failedForGood(`a symbolic link or something else is in the way (${errno})`)
      : failedForNow(errno);
  }
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

async function* inChunks(files: AsyncIterable<readonly ManifestFile[]>): AsyncGenerator<readonly ManifestFile[]> {
  for await (const part of files) {
    for (let start = 0; start < part.length; start += CHUNK) yield part.slice(start, start + CHUNK);
  }
}
