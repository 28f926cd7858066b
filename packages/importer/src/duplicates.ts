import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { type BytePath, toDisplayPath, isLinkCode, OwnFolders, READ_FLAGS } from '@sendit/files';
import { type FindingRecord, toFinding, toErrno } from '@sendit/model';
import { toUnreadable } from './errno.ts';

/** Two files of one SOPInstanceUID whose data sets have one length, of which nobody knows yet whether they have the same bytes. */
export interface Duplicate {
  /** Index of the file that is recorded, in the order of the batch. */
  readonly first: number;
  readonly again: BytePath;
  /** Length of both data sets, with which their files end. */
  readonly datasetBytes: number;
}

/** Where duplicates lie. */
interface Place {
  /** For messages. */
  readonly batchId: string;
  readonly directory: BytePath;
  /** Whether the directory itself may be a link, as a watch path may. */
  readonly mayBeLink: boolean;
  /** Paths of the first files, by their index. */
  readonly firsts: ReadonlyMap<number, BytePath>;
  /** Whether two files of which one cannot be read any more count as different. */
  readonly isAccepted: boolean;
}

/** Reads both data sets of each pair and says whether they have the same bytes (SHA-256). */
export async function compareDuplicates(
  duplicates: readonly Duplicate[],
  { directory, mayBeLink, firsts, ...place }: Place,
  signal: AbortSignal,
): Promise<FindingRecord[]> {
  const findings: FindingRecord[] = [];
  using firstFolders = new OwnFolders(directory, { mayBeLink });
  using againFolders = new OwnFolders(directory, { mayBeLink });
  for (const { first, again, datasetBytes } of duplicates) {
    signal.throwIfAborted();
    const digest = (folders: OwnFolders, path: BytePath): Promise<string> =>
      digestEnd(folders, path, { ...place, datasetBytes });
    const both = [digest(firstFolders, firsts.get(first) ?? ''), digest(againFolders, again)];
    const digests = new Set(await Promise.all(both));
    findings.push(toFinding(digests.size > 1 ? 'duplicate-differs' : 'duplicate-instance', toDisplayPath(again)));
  }
  return findings;
}

/**
 * The digest of the end of a file. Of one that vanished or became a link, the errno code: equal to no digest.
 * @throws SenditError `unreadable` when the system refuses the file.
 */
async function digestEnd(
  folders: OwnFolders,
  path: BytePath,
  { batchId, datasetBytes, isAccepted }: Pick<Place, 'batchId' | 'isAccepted'> & { readonly datasetBytes: number },
): Promise<string> {
  const hash = createHash('sha256');
  try {
    await using file = await open(folders.at(path), READ_FLAGS);
    const { size } = await file.stat();
    const start = Math.max(0, size - datasetBytes);
    for await (const chunk of file.createReadStream({ start, autoClose: false })) hash.update(chunk);
  } catch (error) {
    const code = toErrno(error);
    if (code === undefined) throw error;
    const isRefused = code !== 'ENOENT' && !isLinkCode(code);
    if (isRefused && !isAccepted) throw toUnreadable(batchId, new Map([[code, 1]]));
    return isRefused ? `${code} ${path}` : code;
  }
  return hash.digest('hex');
}
