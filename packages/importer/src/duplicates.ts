import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { READ_FLAGS } from '@sendit/dicom/node';
import { type FindingRecord, toFinding } from '@sendit/model';
import { type BytePath, toDisplayPath } from './byte-path.ts';
import { toErrnoCode } from './errno.ts';
import { OwnFolders } from './own-folders.ts';

/** Two files of one SOPInstanceUID and one size, of which nobody knows yet whether they have the same bytes. */
export interface Duplicate {
  /** Index of the file that is recorded, in the order of the batch. */
  readonly first: number;
  readonly again: BytePath;
}

/** Where duplicates lie. */
interface Place {
  readonly directory: BytePath;
  /** Whether the directory itself may be a link, as a watch path may. */
  readonly mayBeLink: boolean;
  /** Paths of the first files, by their index. */
  readonly firsts: ReadonlyMap<number, BytePath>;
}

/** Reads both files of each pair and says whether they have the same bytes (SHA-256). */
export async function compareDuplicates(
  duplicates: readonly Duplicate[],
  { directory, mayBeLink, firsts }: Place,
  signal: AbortSignal,
): Promise<FindingRecord[]> {
  const findings: FindingRecord[] = [];
  using firstFolders = new OwnFolders(directory, { mayBeLink });
  using againFolders = new OwnFolders(directory, { mayBeLink });
  for (const { first, again } of duplicates) {
    signal.throwIfAborted();
    const both = [digestFile(firstFolders, firsts.get(first) ?? ''), digestFile(againFolders, again)];
    const digests = new Set(await Promise.all(both));
    findings.push(toFinding(digests.size > 1 ? 'duplicate-differs' : 'duplicate-instance', toDisplayPath(again)));
  }
  return findings;
}

/** Of a file that cannot be read (vanished, no permission) the reason: equal to no digest. */
async function digestFile(folders: OwnFolders, path: BytePath): Promise<string> {
  const hash = createHash('sha256');
  try {
    const file = folders.at(path);
    for await (const chunk of createReadStream(file, { flags: READ_FLAGS as unknown as string })) hash.update(chunk);
  } catch (error) {
    const code = toErrnoCode(error);
    if (code === undefined) throw error;
    return code;
  }
  return hash.digest('hex');
}
