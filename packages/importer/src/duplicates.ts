import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import type { FindingRecord } from '@sendit/model';
import { type BytePath, toDisplayPath, toPathBytes } from './byte-path.ts';
import { toErrnoCode } from './errno.ts';
import { toFinding } from './findings/finding.ts';

/** Two files of one SOPInstanceUID: the one that is recorded, and a later one. */
export interface Duplicate {
  readonly first: { readonly path: BytePath; readonly bytes: number };
  readonly again: { readonly path: BytePath; readonly bytes: number };
}

/** More pairs than this are told apart by their size alone: a batch that was sent twice is not read twice more. */
const COMPARED = 200;

/** Whether duplicates have the same bytes: different sizes are different, same sizes are read and compared by digest (SHA-256). */
export async function compareDuplicates(
  directory: BytePath,
  duplicates: readonly Duplicate[],
  signal: AbortSignal,
): Promise<FindingRecord[]> {
  const findings: FindingRecord[] = [];
  for (const [index, { first, again }] of duplicates.entries()) {
    signal.throwIfAborted();
    const path = toDisplayPath(again.path);
    const isRead = first.bytes === again.bytes && index < COMPARED;
    const isOther = isRead ? await differ(directory, [first.path, again.path]) : first.bytes !== again.bytes;
    findings.push(toFinding(isOther ? 'duplicate-differs' : 'duplicate-instance', path));
  }
  return findings;
}

async function differ(directory: BytePath, paths: readonly BytePath[]): Promise<boolean> {
  const digests = await Promise.all(paths.map((path) => digestFile(toPathBytes(`${directory}/${path}`))));
  return new Set(digests).size > 1;
}

/** Of a file that cannot be read (vanished, no permission) the reason: equal to no digest. */
async function digestFile(path: Buffer): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { flags: FLAGS as unknown as string })) hash.update(chunk);
  } catch (error) {
    const code = toErrnoCode(error);
    if (code === undefined) throw error;
    return code;
  }
  return hash.digest('hex');
}

/** As headers are read: no symlink is followed, no FIFO waited for. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
