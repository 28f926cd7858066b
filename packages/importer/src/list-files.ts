import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { type FindingRecord, SenditError, toMessage } from '@sendit/model';
import { type BytePath, toBytePath, toDisplayPath, toPathBytes } from './byte-path.ts';
import { toErrnoCode } from './errno.ts';
import { toFinding } from './findings/finding.ts';

/** Where a batch lies. */
interface BatchDirectory {
  readonly id: string;
  readonly path: string;
}

/** What lies in a batch directory. */
interface FileListing {
  /** Regular files below the directory, relative, in byte order. */
  readonly files: readonly BytePath[];
  /** What is no regular file, and folders that could not be listed. */
  readonly findings: readonly FindingRecord[];
}

/**
 * Lists all regular files below a batch directory. Symlinks are not followed, nor is the directory itself when it is one.
 * @throws SenditError `not-found` when the directory is gone or cannot be read.
 */
export async function listFiles(batch: BatchDirectory, signal: AbortSignal): Promise<FileListing> {
  const files: BytePath[] = [];
  const findings = await walkDirectory(batch, { onFile: (path) => files.push(path) }, signal);
  files.sort((a, b) => (a < b ? -1 : 1));
  return { files, findings };
}

/**
 * Counts the regular files below a batch directory, as {@link listFiles} would list them.
 * @throws SenditError `not-found` when the directory is gone or cannot be read.
 */
export async function countFiles(
  batch: BatchDirectory,
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly findings: readonly FindingRecord[] }> {
  let files = 0;
  const onFile = (): void => {
    files += 1;
  };
  const findings = await walkDirectory(batch, { onFile }, signal);
  return { files, findings };
}

async function walkDirectory(
  batch: BatchDirectory,
  { onFile }: { readonly onFile: (path: BytePath) => void },
  signal: AbortSignal,
): Promise<FindingRecord[]> {
  await checkDirectory(batch);
  const root = toBytePath(batch.path);
  const findings: FindingRecord[] = [];
  const folders: BytePath[] = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    const visit = (entry: Dirent<Buffer>): void => {
      const path = folder === '' ? toBytePath(entry.name) : `${folder}/${toBytePath(entry.name)}`;
      if (entry.isFile()) onFile(path);
      else if (entry.isDirectory()) folders.push(path);
      else findings.push(toFinding('not-a-regular-file', toDisplayPath(path)));
    };
    if (!(await visitFolder(batch, { root, folder, visit }))) {
      findings.push(toFinding('unreadable', toDisplayPath(folder)));
    }
  }
  return findings;
}

/** @throws SenditError `not-found` when the batch directory is not there, or not a directory any more. */
export async function checkDirectory(batch: BatchDirectory): Promise<void> {
  const stats = await lstat(batch.path).catch((error: unknown) => {
    throw toGone(batch, toErrnoCode(error) ?? toMessage(error), error);
  });
  if (!stats.isDirectory()) throw toGone(batch, 'it is not a directory', undefined);
}

/** Entries that the system is asked for at once. */
const ENTRIES_AT_ONCE = 1024;

/**
 * Entry by entry, since a list of a million of them is half a gigabyte of objects. False for a folder within the batch that cannot be
 * listed; that costs its files, not the batch.
 */
async function visitFolder(
  batch: BatchDirectory,
  at: { readonly root: BytePath; readonly folder: BytePath; readonly visit: (entry: Dirent<Buffer>) => void },
): Promise<boolean> {
  const path = toPathBytes(at.folder === '' ? at.root : `${at.root}/${at.folder}`);
  try {
    const options = { encoding: 'buffer' as BufferEncoding, bufferSize: ENTRIES_AT_ONCE };
    for await (const entry of await opendir(path, options)) at.visit(entry as unknown as Dirent<Buffer>);
    return true;
  } catch (error) {
    const code = toErrnoCode(error);
    if (code === undefined) throw error;
    if (at.folder === '') throw toGone(batch, code, error);
    return false;
  }
}

function toGone(batch: { readonly id: string }, reason: string, cause: unknown): SenditError {
  return new SenditError(`Expected the directory of batch ${batch.id} to be there and readable, got: ${reason}.`, {
    code: 'not-found',
    retry: 'safe',
    hint: 'Put the directory back, or check its permissions and the mount, then retry the batch.',
    cause,
  });
}
