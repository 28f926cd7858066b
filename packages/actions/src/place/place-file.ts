import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, link, lstat, open, rename, unlink } from 'node:fs/promises';
import type { ManifestFile } from '@sendit/model';
import { type AfterStep, type Dir, toErrno } from './dir-tree.ts';
import { copyContent, holdTheSame } from './file-content.ts';
import type { BytePath } from './sealed-path.ts';

/** One sealed file and where it is to go. */
export interface Placing {
  readonly name: BytePath;
  readonly sealed: ManifestFile;
  /** Undefined when its directory is gone. */
  readonly from: Dir | undefined;
  readonly to: Dir;
  /** A move may give the file itself a second name; a copy shares nothing with its original. */
  readonly mayLink: boolean;
  /** Begins the names of unfinished copies. */
  readonly tempPrefix: string;
}

/** `there`: the target holds the file; `original` is what may now be removed, undefined when it is gone already. */
export type Placed =
  | { readonly kind: 'there'; readonly original: BigIntStats | undefined }
  | { readonly kind: 'refused'; readonly reason: string; readonly again: 'later' | 'never' };

const FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Why a file cannot get a second name: another device, a file system without links, or another's file (proc_sys_fs(5), protected_hardlinks). */
const NO_LINK: ReadonlySet<string> = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP']);

const CHANGED: Placed = { kind: 'refused', reason: 'a file was changed after it was sealed', again: 'never' };
const CONFLICT: Placed = { kind: 'refused', reason: 'the target has another file of the same name', again: 'never' };
const NEITHER: Placed = { kind: 'refused', reason: 'a sealed file is neither here nor at the target', again: 'never' };

/**
 * Brings one file to its target, whatever an earlier attempt left:
 *
 * here | at the target | done
 * yes  | no            | linked, or copied to a temporary name, verified, and given its name
 * yes  | the same      | nothing
 * no   | as sealed     | nothing
 * yes  | other content | refused; nothing is ever overwritten
 * no   | no            | refused
 */
export async function placeFile(placing: Placing, afterStep: AfterStep, signal: AbortSignal): Promise<Placed> {
  const { from, to, name, sealed } = placing;
  const source = from === undefined ? undefined : await openFile(from, name);
  if (source === undefined) return seeTarget(placing);
  await using _source = closing(source);
  const original = await source.stat({ bigint: true });
  if (!isAsSealed(original, sealed)) return CHANGED;
  const placed = { kind: 'there', original } as const;
  const isThere = await compare(source, to, name, signal);
  if (isThere !== undefined) return isThere ? placed : CONFLICT;
  if (placing.mayLink && from !== undefined) {
    const linked = await tryLink(from.at(name), to.at(name));
    if (linked === 'linked') {
      afterStep('link');
      // The name may have been given to something else since it was opened.
      const there = await lstat(to.at(name), { bigint: true });
      if (there.ino === original.ino && there.dev === original.dev) return placed;
      await unlink(to.at(name));
      return CHANGED;
    }
    if (linked === 'exists') return (await compare(source, to, name, signal)) === true ? placed : CONFLICT;
  }
  return (await copyIn(source, original, placing, afterStep, signal)) ?? placed;
}

/** Removes what attempts that died left unfinished in a target directory. */
export async function removeUnfinished(to: Dir, tempPrefix: string, afterStep: AfterStep): Promise<void> {
  for (const name of await to.names()) {
    if (!name.startsWith(tempPrefix)) continue;
    await unlink(to.at(name));
    afterStep('remove an unfinished copy');
  }
}

/** Undefined once the copy has its name. */
async function copyIn(
  source: FileHandle,
  original: BigIntStats,
  { name, to, tempPrefix }: Placing,
  afterStep: AfterStep,
  signal: AbortSignal,
): Promise<Placed | undefined> {
  const temp = `${tempPrefix}${randomBytes(6).toString('hex')}.part`;
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const copy = await open(to.at(temp), flags, Number(original.mode & 0o777n));
  await using _copy = closing(copy);
  afterStep('create a copy');
  const isWhole = await copyContent(source, copy, signal);
  await copy.utimes(Number(original.atimeNs) / 1e9, Number(original.mtimeNs) / 1e9);
  await copy.sync();
  afterStep('write a copy');
  const now = await source.stat({ bigint: true });
  if (now.size !== original.size || now.mtimeNs !== original.mtimeNs) return CHANGED;
  if (!isWhole) return { kind: 'refused', reason: 'a copy did not read back as it was written', again: 'later' };
  const named = await tryLink(to.at(temp), to.at(name));
  if (named === 'exists') return (await compare(source, to, name, signal)) === true ? undefined : CONFLICT;
  if (named === 'impossible') {
    // Without links there is no way to name it that cannot overwrite; nobody but us writes there.
    if (await exists(to, name)) return CONFLICT;
    await rename(to.at(temp), to.at(name));
    afterStep('rename a copy');
    return undefined;
  }
  afterStep('name a copy');
  await unlink(to.at(temp));
  afterStep('drop the temporary name');
  return undefined;
}

async function seeTarget({ to, name, sealed }: Placing): Promise<Placed> {
  const target = await openFile(to, name);
  if (target === undefined) return NEITHER;
  await using _target = closing(target);
  const isWhole = (await target.stat()).size === sealed.bytes;
  return isWhole ? { kind: 'there', original: undefined } : CONFLICT;
}

/** Undefined when the target has no such name. */
async function compare(source: FileHandle, to: Dir, name: BytePath, signal: AbortSignal): Promise<boolean | undefined> {
  if (!(await exists(to, name))) return undefined;
  const target = await openFile(to, name);
  if (target === undefined) return undefined;
  await using _target = closing(target);
  const [one, other] = await Promise.all([source.stat({ bigint: true }), target.stat({ bigint: true })]);
  if (!other.isFile()) return false;
  return (one.ino === other.ino && one.dev === other.dev) || (await holdTheSame(source, target, signal));
}

function isAsSealed(stats: BigIntStats, { bytes, mtimeNs }: ManifestFile): boolean {
  return stats.isFile() && stats.size === BigInt(bytes) && stats.mtimeNs === mtimeNs;
}

async function exists(dir: Dir, name: BytePath): Promise<boolean> {
  try {
    await lstat(dir.at(name));
    return true;
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Undefined when there is no such name. Rejects with ELOOP for a symbolic link. */
async function openFile(dir: Dir, name: BytePath): Promise<FileHandle | undefined> {
  try {
    return await open(dir.at(name), FILE);
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function tryLink(from: Buffer, to: Buffer): Promise<'linked' | 'exists' | 'impossible'> {
  try {
    await link(from, to);
    return 'linked';
  } catch (error) {
    const errno = toErrno(error) ?? '';
    if (errno === 'EEXIST') return 'exists';
    if (NO_LINK.has(errno)) return 'impossible';
    throw error;
  }
}

function closing(handle: FileHandle): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => handle.close() };
}
