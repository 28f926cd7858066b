import { isUtf8 } from 'node:buffer';
import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { type BatchLimits, DEFAULT_BATCH_LIMITS, toLimitReason, toPathExcess } from '@sendit/model';
import { requireErrno } from '../errno.ts';
import { DEFAULT_NAMES, type NameRules } from '../name-rules.ts';
import type { DirectoryTimes } from '../rename-bound.ts';
import { toBornNs } from '../folder-signature.ts';
import type { FileStamp } from './unit-file.ts';

/** Entries handed over at once, and read from a directory at once: small enough for others to have their turn between. */
const PORTION = 512;

/** One entry below a watch path that is no directory, or one that is not looked into. */
export type TreeEntry =
  | { readonly kind: 'file'; readonly path: string }
  /** File or directory under a name that is not final. */
  | { readonly kind: 'unfinished'; readonly path: string }
  /** Ignored by its name, with all below it. */
  | { readonly kind: 'ignored'; readonly path: string }
  /** Never part of a unit: a fixed phrase says why. */
  | { readonly kind: 'other'; readonly path: string; readonly reason: string };

/** Result of a stat; `gone` also if a parent is gone. */
export type StampSighting =
  | { readonly kind: 'stamp'; readonly stamp: FileStamp }
  | { readonly kind: 'gone' }
  | { readonly kind: 'directory'; readonly times?: DirectoryTimes }
  | { readonly kind: 'other'; readonly reason: string };

/** Reads which directory is at a path now: `dev:ino`, or the errno name of why that is unknown. */
export async function readIdentity(
  folder: string,
): Promise<
  { readonly kind: 'identity'; readonly identity: string } | { readonly kind: 'unreadable'; readonly code: string }
> {
  try {
    const { dev, ino } = await stat(folder, { bigint: true });
    return { kind: 'identity', identity: `${dev}:${ino}` };
  } catch (error) {
    return { kind: 'unreadable', code: requireErrno(error) };
  }
}

/**
 * Lists everything below a directory of a watch path, in portions, without following symbolic links and without looking into names that
 * are not final. `below` is its path below the watch path, empty for the watch path itself; `skips` leaves out what lies right below the
 * watch path. What vanishes meanwhile is left out; what is nested too deep, or has too long a path, is not looked into.
 * @throws the signal's reason when aborted.
 */
export async function* readTree(
  folder: string,
  {
    below,
    limits = DEFAULT_BATCH_LIMITS,
    names = DEFAULT_NAMES,
    revalidate,
    skips,
  }: {
    readonly below: string;
    readonly limits?: BatchLimits | undefined;
    readonly names?: NameRules | undefined;
    /** Called with each directory before it is listed: makes a mount that caches show what is there now. */
    readonly revalidate?: ((path: string) => Promise<void>) | undefined;
    readonly skips: (name: string) => boolean;
  },
  signal: AbortSignal,
): AsyncGenerator<readonly TreeEntry[]> {
  const open = [below];
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    let portion: TreeEntry[] = [];
    await revalidate?.(directory === '' ? folder : `${folder}/${directory}`);
    for await (const entry of readEntries(folder, directory)) {
      signal.throwIfAborted();
      if ('code' in entry) {
        portion.push({ kind: 'other', path: directory, reason: `its directory cannot be read: ${entry.code}` });
        continue;
      }
      const name = entry.name.toString();
      if (directory === '' && skips(name)) continue;
      const path = directory === '' ? name : `${directory}/${name}`;
      const excess = toPathReason(path, limits);
      if (names.isIgnored(path)) portion.push({ kind: 'ignored', path });
      else if (excess !== undefined) portion.push({ kind: 'other', path, reason: excess });
      else if (names.isArriving(path)) portion.push({ kind: 'unfinished', path });
      else if (!isUtf8(entry.name))
        portion.push({ kind: 'other', path, reason: 'its name is not valid UTF-8; rename it' });
      else if (entry.isDirectory()) open.push(path);
      else if (entry.isFile()) portion.push({ kind: 'file', path });
      else portion.push({ kind: 'other', path, reason: 'it is not a regular file' });
      if (portion.length >= PORTION) {
        yield portion;
        portion = [];
      }
    }
    if (portion.length > 0) yield portion;
  }
}

/** Why a path is never part of a unit, whatever lies there; undefined where it may be. */
export function toPathReason(path: string, limits: BatchLimits): string | undefined {
  const exceeds = toPathExcess(Buffer.from(path), limits);
  return exceeds && `${toLimitReason(exceeds)}: see \`limits.${exceeds.limit}\``;
}

async function* readEntries(
  folder: string,
  directory: string,
): AsyncGenerator<Dirent<Buffer> | { readonly code: string }> {
  const path = directory === '' ? folder : `${folder}/${directory}`;
  try {
    // The types know names as text only.
    const options = { encoding: 'buffer' as BufferEncoding, bufferSize: PORTION };
    for await (const entry of await opendir(path, options)) yield entry as unknown as Dirent<Buffer>;
  } catch (error) {
    const code = requireErrno(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') yield { code };
  }
}

/** Looks at one path below a watch path. */
export async function readStamp(folder: string, path: string): Promise<StampSighting> {
  try {
    const stats = await lstat(`${folder}/${path}`, { bigint: true });
    if (stats.isDirectory()) return { kind: 'directory', times: { mtimeNs: stats.mtimeNs, ctimeNs: stats.ctimeNs } };
    if (!stats.isFile()) return { kind: 'other', reason: 'it is not a regular file' };
    return { kind: 'stamp', stamp: toStamp(stats) };
  } catch (error) {
    const code = requireErrno(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'gone' };
    return { kind: 'other', reason: `it cannot be read: ${code}` };
  }
}

function toStamp({ birthtimeNs, size, mtimeNs, ctimeNs, dev, ino }: BigIntStats): FileStamp {
  return { bytes: Number(size), mtimeNs, ctimeNs, device: dev, inode: ino, ...toBornNs(birthtimeNs) };
}
