import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { READ_FLAGS } from '@sendit/dicom/node';
import { type FindingRecord, toFinding } from '@sendit/model';
import { type BytePath, toDisplayPath, toPathBytes } from './byte-path.ts';
import { toErrnoCode } from './errno.ts';

/** Two files of one SOPInstanceUID and one size, of which nobody knows yet whether they have the same bytes. */
export interface Duplicate {
  /** Index of the file that is recorded, in the order of the batch. */
  readonly first: number;
  readonly again: BytePath;
}

/** Where duplicates lie. */
interface Place {
  readonly directory: BytePath;
  /** Paths of the first files, by their index. */
  readonly firsts: ReadonlyMap<number, BytePath>;
}

/** Reads both files of each pair and says whether they have the same bytes (SHA-256). */
export async function compareDuplicates(
  duplicates: readonly Duplicate[],
  { directory, firsts }: Place,
  signal: AbortSignal,
): Promise<FindingRecord[]> {
  const findings: FindingRecord[] = [];
  for (const { first, again } of duplicates) {
    signal.throwIfAborted();
    const paths = [firsts.get(first) ?? '', again].map((path) => toPathBytes(`${directory}/${path}`));
    const digests = new Set(await Promise.all(paths.map(digestFile)));
    findings.push(toFinding(digests.size > 1 ? 'duplicate-differs' : 'duplicate-instance', toDisplayPath(again)));
  }
  return findings;
}

/** Of a file that cannot be read (vanished, no permission) the reason: equal to no digest. */
async function digestFile(path: Buffer): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { flags: READ_FLAGS as unknown as string })) hash.update(chunk);
  } catch (error) {
    const code = toErrnoCode(error);
    if (code === undefined) throw error;
    return code;
  }
  return hash.digest('hex');
}
