import { type Dirent, lstatSync } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { basename } from 'node:path';
import { DEFAULT_NAMES, type NameRules, toNameRules } from '@sendit/detector';
import { createTurns, entriesNow } from '@sendit/detector/node';
import { type BytePath, toBytePath, toDisplayPath, toPathBytes, isLinkCode } from '@sendit/files';
import {
  type BatchLimits,
  DEFAULT_BATCH_LIMITS,
  type FindingRecord,
  SenditError,
  toFinding,
  toMessage,
  toPathExcess,
  toErrno,
} from '@sendit/model';
import { isOfTheMachine, toUnreadable } from './errno.ts';

/** Where a batch lies. */
interface BatchDirectory {
  readonly id: string;
  readonly path: string;
  /** It is on a disk of this machine: the system is asked in this thread, in turns. False by default. */
  readonly isNear?: boolean;
}

/** Content of a batch directory. */
interface FileListing {
  /** Regular files below the directory, relative, in byte order. */
  readonly files: readonly BytePath[];
  /** Findings about entries that are not regular files, and folders that could not be listed. */
  readonly findings: readonly FindingRecord[];
}

/**
 * Lists all regular files below a batch directory, however many, but for what a seal ignores by default (trash, snapshots, thumbnails of a NAS). Symlinks are not followed, nor is the directory itself when it is one.
 * @throws SenditError `not-found` when the directory is gone or cannot be read.
 */
export async function listFiles(batch: BatchDirectory, signal: AbortSignal): Promise<FileListing> {
  const files: BytePath[] = [];
  const findings = await walkDirectory(batch, { onFile: (path) => files.push(path), isAccepted: true }, signal);
  files.sort((a, b) => (a < b ? -1 : 1));
  return { files, findings };
}

/**
 * Counts the regular files below a batch directory, as {@link listFiles} would list them, as far as the limits allow: what lies beyond is one
 * finding. `isAccepted`: a person accepted the batch without what cannot be read.
 * @throws SenditError `not-found` when the directory is gone; `unreadable` when it cannot be read, or a folder in it for a reason that may
 * pass.
 */
export async function countFiles(
  {
    limits = DEFAULT_BATCH_LIMITS,
    isAccepted = false,
    ignore,
    ...batch
  }: BatchDirectory & {
    readonly limits?: BatchLimits | undefined;
    readonly isAccepted?: boolean;
    /** Globs beside the names that are always ignored. */
    readonly ignore?: readonly string[];
  },
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly findings: readonly FindingRecord[] }> {
  let files = 0;
  const onFile = (): void => {
    files += 1;
  };
  const names = ignore === undefined ? DEFAULT_NAMES : toNameRules({ ignore });
  const findings = await walkDirectory(batch, { onFile, limits, isAccepted, names }, signal);
  return { files, findings };
}

async function walkDirectory(
  batch: BatchDirectory,
  {
    isAccepted,
    limits,
    names = DEFAULT_NAMES,
    onFile,
  }: {
    readonly limits?: BatchLimits;
    readonly isAccepted: boolean;
    readonly names?: NameRules;
    readonly onFile: (path: BytePath) => void;
  },
  signal: AbortSignal,
): Promise<FindingRecord[]> {
  await checkDirectory(batch);
  const root = toBytePath(batch.path);
  const base = basename(batch.path);
  const findings: FindingRecord[] = [];
  const folders: BytePath[] = [''];
  let entries = 0;
  let isOver = false;
  for (let folder = folders.pop(); folder !== undefined && !isOver; folder = folders.pop()) {
    signal.throwIfAborted();
    const visit = (entry: Dirent<Buffer>): boolean => {
      const path = folder === '' ? toBytePath(entry.name) : `${folder}/${toBytePath(entry.name)}`;
      if (names.isIgnored(`${base}/${toDisplayPath(path)}`)) return true;
      entries += 1;
      isOver =
        limits !== undefined && (entries > limits.files || toPathExcess(toPathBytes(path), limits) !== undefined);
      if (isOver) return false;
      if (entry.isFile()) onFile(path);
      else if (entry.isDirectory()) folders.push(path);
      else findings.push(toFinding('not-a-regular-file', toDisplayPath(path)));
      return true;
    };
    const refusal = await visitFolder(batch, { root, folder, visit });
    if (refusal === undefined) continue;
    const verdict = judgeRefusedFolder(refusal, isAccepted);
    if (verdict === 'wait') throw toUnreadable(batch.id, new Map([[refusal, 1]]));
    if (verdict === 'told') findings.push(toFinding('unreadable', toDisplayPath(folder)));
  }
  if (isOver) findings.push(toFinding('over-limit', null));
  return findings;
}

/**
 * Decides what a failed listing of a folder within the batch means. Sealed files in it are read one by one anyway: only
 * the count of late files depends on it. A vanished folder has none; a refused one becomes a finding; other errors may
 * pass, so the batch waits.
 */
export function judgeRefusedFolder(code: string, isAccepted: boolean): 'gone' | 'told' | 'wait' {
  if (code === 'ENOENT' || isLinkCode(code)) return 'gone';
  if (isOfTheMachine(code)) return 'wait';
  return isAccepted || code === 'EACCES' || code === 'EPERM' ? 'told' : 'wait';
}

/** @throws SenditError `not-found` when the batch directory is not there, or not a directory any more; `unreadable` when the system refuses it. */
export async function checkDirectory(batch: BatchDirectory): Promise<void> {
  let isDirectory = false;
  try {
    const stats = batch.isNear === true ? lstatSync(batch.path) : await lstat(batch.path);
    isDirectory = stats.isDirectory();
  } catch (error) {
    throw toRefusal(batch, error);
  }
  if (!isDirectory) throw toGone(batch, 'it is not a directory', undefined);
}

/** Entries that the system is asked for at once. */
const ENTRIES_AT_ONCE = 1024;
const turns = createTurns();

/**
 * Entry by entry, since a list of a million of them is half a gigabyte of objects. The errno code of a folder within the batch that cannot be
 * listed. `visit` says whether to go on.
 */
async function visitFolder(
  batch: BatchDirectory,
  at: { readonly root: BytePath; readonly folder: BytePath; readonly visit: (entry: Dirent<Buffer>) => boolean },
): Promise<string | undefined> {
  const path = toPathBytes(at.folder === '' ? at.root : `${at.root}/${at.folder}`);
  try {
    if (batch.isNear === true) await visitNow(path, at.visit);
    else {
      for await (const entry of await opendir(path, AS_BYTES)) {
        if (!at.visit(entry as unknown as Dirent<Buffer>)) break;
      }
    }
    return undefined;
  } catch (error) {
    const code = toErrno(error);
    if (code === undefined) throw error;
    if (at.folder === '') throw toRefusal(batch, error);
    return code;
  }
}

/** The types know names as text only. */
const AS_BYTES = { encoding: 'buffer' as BufferEncoding, bufferSize: ENTRIES_AT_ONCE };

async function visitNow(path: Buffer, visit: (entry: Dirent<Buffer>) => boolean): Promise<void> {
  let seen = 0;
  await turns.take();
  for (const entry of entriesNow(path, AS_BYTES)) {
    if (!visit(entry as unknown as Dirent<Buffer>)) break;
    seen += 1;
    if (seen % ENTRIES_AT_ONCE === 0) await turns.take();
  }
}

/** Only a directory that is not there is gone: one that the system refuses still holds what was sealed, and no loss may be accepted. */
function toRefusal(batch: { readonly id: string }, error: unknown): SenditError {
  const code = toErrno(error);
  if (code === undefined || code === 'ENOENT' || isLinkCode(code))
    return toGone(batch, code ?? toMessage(error), error);
  return toUnreadable(batch.id, new Map([[code, 1]]));
}

function toGone(batch: { readonly id: string }, reason: string, cause: unknown): SenditError {
  return new SenditError(`Expected the directory of batch ${batch.id} to be there and readable, got: ${reason}.`, {
    code: 'not-found',
    retry: 'safe',
    hint: 'Put the directory back, or check its permissions and the mount, then retry the batch.',
    cause,
  });
}
