import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { READ_FLAGS } from '@sendit/dicom/node';
import type { FindingRecord, HashScope } from '@sendit/model';
import { type BytePath, toDisplayPath, toPathBytes } from './byte-path.ts';
import { toErrnoCode } from './errno.ts';
import { toFinding } from './findings/finding.ts';

/** Two files of one SOPInstanceUID: the one that is recorded, and a later one. */
export interface Duplicate {
  readonly first: HashedFile;
  readonly again: HashedFile;
}

interface HashedFile {
  readonly path: BytePath;
  readonly bytes: number;
  /** As the import made it, or null. */
  readonly digest: string | null;
}

/** More pairs than this are told apart by their size alone: a batch that was sent twice is not read twice more. */
const COMPARED = 200;

/** Where the duplicates lie, and what the import's digests cover. */
interface CompareDeps {
  readonly directory: BytePath;
  readonly scope: HashScope;
}

/**
 * Whether duplicates have the same bytes: different sizes or digests are different, equal digests of whole files the same; what neither
 * tells is read and compared (SHA-256).
 */
export async function compareDuplicates(
  duplicates: readonly Duplicate[],
  { directory, scope }: CompareDeps,
  signal: AbortSignal,
): Promise<FindingRecord[]> {
  const findings: FindingRecord[] = [];
  let compared = 0;
  for (const { first, again } of duplicates) {
    signal.throwIfAborted();
    let isOther = first.bytes !== again.bytes || first.digest !== again.digest;
    const isTold = isOther || (scope === 'file' && first.digest !== null);
    if (!isTold && compared++ < COMPARED) isOther = await differ(directory, [first.path, again.path]);
    findings.push(toFinding(isOther ? 'duplicate-differs' : 'duplicate-instance', toDisplayPath(again.path)));
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
    for await (const chunk of createReadStream(path, { flags: READ_FLAGS as unknown as string })) hash.update(chunk);
  } catch (error) {
    const code = toErrnoCode(error);
    if (code === undefined) throw error;
    return code;
  }
  return hash.digest('hex');
}
