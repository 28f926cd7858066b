import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isNoFile, requireErrno } from './errno.ts';
import type { FolderListing } from './facts.ts';
import { lookAtFolder } from './read-folder.ts';
import type { Recording } from './recording.ts';

/** When one file came and was last changed, ms since the epoch. */
interface FileTimes {
  readonly path: string;
  readonly bytes: number;
  readonly bornAt: number;
  readonly changedAt: number;
}

/** A rename sets the change time of a directory and not its modification time; less than this is the time of one operation. */
const RENAME_MS = 1;

/**
 * Reconstructs a folder's past from its file times: each file arrived at its birth time and was written until its
 * change time. Pauses within a file, files deleted or rewritten, and anything a time-preserving copy hides are missing.
 * A directory whose change time is later than everything in it counts as renamed then.
 * @throws the signal's reason when aborted.
 */
export async function reconstructRecording(folder: string, signal: AbortSignal): Promise<Recording> {
  const { files: listed, listing } = await lookAtFolder(folder, signal);
  const name = basename(folder);
  if (!listing.isDirectory) return { sight: { name, arrival: 'found' }, source: 'reconstructed', steps: [] };
  const files: FileTimes[] = [];
  const refused = [...listing.problemCodes];
  for (const { path, bytes } of listed) {
    signal.throwIfAborted();
    const stats = await lookAt(join(folder, path));
    if (stats === undefined) continue;
    if (typeof stats === 'string') {
      refused.push(stats);
      continue;
    }
    files.push({ path, bytes, bornAt: Math.min(stats.birthtimeMs, stats.ctimeMs), changedAt: stats.ctimeMs });
  }
  const top = await lstat(folder);
  const last = Math.max(top.mtimeMs, ...files.map(({ changedAt }) => changedAt));
  const isRenamed = top.ctimeMs > last + RENAME_MS;
  const times = isRenamed
    ? [top.ctimeMs]
    : [Math.min(top.birthtimeMs, top.ctimeMs), ...files.flatMap(({ bornAt, changedAt }) => [bornAt, changedAt])];
  const start = Math.min(...times);
  const steps = [...new Set(times)]
    .sort((one, other) => one - other)
    .map(
      (at) => ({ kind: 'look', at: at - start, listing: toListingAt(at, files, { now: listing, refused }) }) as const,
    );
  return { sight: { name, arrival: isRenamed ? 'renamed' : 'created' }, source: 'reconstructed', steps };
}

/** The errno name where the system refuses to tell; undefined of what is gone. */
async function lookAt(path: string): Promise<Stats | string | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    const code = requireErrno(error);
    return isNoFile(code) ? undefined : code;
  }
}

/** `refused`: why some of it has no past that is known. It was as unreadable then. */
function toListingAt(
  at: number,
  files: readonly FileTimes[],
  { now, refused }: { readonly now: FolderListing; readonly refused: readonly string[] },
): FolderListing {
  const there = files.filter(({ bornAt }) => bornAt <= at);
  const digest = createHash('sha256');
  for (const { changedAt, path } of there) digest.update(path).update(changedAt <= at ? '\0whole\n' : '\0arriving\n');
  const state = digest.digest('hex');
  return {
    exists: true,
    isDirectory: true,
    files: there.length,
    bytes: there.reduce((sum, { bytes, changedAt }) => sum + (changedAt <= at ? bytes : 0), 0),
    manifestDigest: state,
    snapshotDigest: state,
    newestCtimeMs: null,
    unreadable: Math.max(now.unreadable, refused.length),
    problemCodes: [...new Set(refused)].sort(),
    ...(there.length === now.files && now.siblings ? { siblings: now.siblings } : {}),
  };
}
