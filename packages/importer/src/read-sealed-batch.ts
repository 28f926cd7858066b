import { readStorage } from '@sendit/detector/node';
import { toBytePath, toPathBytes } from '@sendit/files';
import { type BatchToImport, isUnitKey, type ManifestFile, MOST_LEFT_OUT, SenditError, toFinding } from '@sendit/model';
import { toUnreadable } from './errno.ts';
import type { Grouping } from './grouping.ts';
import { checkDirectory, countFiles } from './list-files.ts';
import { type ReadBatchDeps, readBatch } from './read-batch.ts';

/**
 * Reads exactly the files of a batch that were sealed. What came into the directory later is counted and left alone, what changed is read
 * as it is: both are findings.
 * @throws SenditError `not-found` (safe to retry) when the directory is gone, or sealed files are and nobody accepted that; `unreadable` (safe
 * to retry) when the system refused to read a sealed file.
 */
export async function readSealedBatch(
  batch: BatchToImport,
  { manifest, ...deps }: ReadBatchDeps & { readonly manifest: AsyncIterable<readonly ManifestFile[]> },
  signal: AbortSignal,
): Promise<Grouping> {
  // Of a unit it is the watch path itself, which may be a link.
  const isOwnDirectory = !isUnitKey(batch.name);
  const storage = await readStorage(toPathBytes(toBytePath(batch.path)));
  if (isOwnDirectory && !batch.isWhole) await checkDirectory(batch);
  const there = batch.isWhole
    ? await countFiles({ ...batch, limits: deps.policy?.limits, isNear: storage.isNear }, signal)
    : { files: 0, findings: [] };
  const files = { total: batch.files, parts: manifest, findings: there.findings };
  const grouping = await readBatch({ ...batch, files }, { ...deps, storage }, signal);
  const { vanished } = grouping;
  checkRefused(batch, grouping);
  if (vanished > 0) {
    if (isOwnDirectory) await checkDirectory(batch);
    if (!batch.acceptsMissing) throw toMissing(batch, vanished);
  }
  const late = there.files - (grouping.files - vanished);
  if (late > 0) grouping.findings.add(toFinding('late-files', null, toLateMessage(late)));
  return grouping;
}

const TOO_MUCH = `Check permissions, the disk and the mount: it was accepted without what cannot be read, but not without all of it, nor without more than ${MOST_LEFT_OUT} files.`;

/** A batch that a person accepted may lack some refused files: not all, and no more than can be named one by one. */
function checkRefused({ id, isAccepted }: BatchToImport, { files, refused, vanished }: Grouping): void {
  const count = [...refused.values()].reduce((sum, one) => sum + one, 0);
  const isLeftOut = isAccepted && count <= MOST_LEFT_OUT && count < files - vanished;
  if (count > 0 && !isLeftOut) throw toUnreadable(id, refused, isAccepted ? TOO_MUCH : undefined);
}

function toMissing({ id, files }: BatchToImport, vanished: number): SenditError {
  return new SenditError(`Expected the ${files} sealed files of batch ${id}, got all but ${vanished}: they vanished.`, {
    code: 'not-found',
    retry: 'safe',
    hint: 'Put them back, or retry the batch to import what is left of it.',
  });
}

function toLateMessage(late: number): string {
  return `${late === 1 ? 'One file' : `${late} files`} came after the seal; not imported with this batch.`;
}
