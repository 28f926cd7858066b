import type { BigIntStats } from 'node:fs';
import { type FileHandle, link, lstat, open } from 'node:fs/promises';
import { type BytePath, READ_FLAGS } from '@sendit/files';
import { type ManifestFile, toErrno } from '@sendit/model';
import type { Dir } from './dir-tree.ts';
import { holdTheSame } from './file-content.ts';

/** Why a file cannot get a second name: another device, a file system without links, or another's file (proc_sys_fs(5), protected_hardlinks). */
const NO_LINK: ReadonlySet<string> = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP']);

/** One open file. */
export interface OpenFile extends AsyncDisposable {
  readonly handle: FileHandle;
}

/** Closes a handle at the end of its scope. */
export function owning(handle: FileHandle): OpenFile {
  return { handle, [Symbol.asyncDispose]: () => handle.close() };
}

/** Undefined when there is no such name. Rejects with ELOOP for a symbolic link. */
export async function openFile(dir: Dir, name: BytePath): Promise<OpenFile | undefined> {
  try {
    return owning(await open(dir.at(name), READ_FLAGS));
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a file is what the seal saw: size and modification time, as inode numbers may change with a mount. */
export function isAsSealed(stats: BigIntStats, { bytes, mtimeNs }: ManifestFile): boolean {
  return stats.isFile() && stats.size === BigInt(bytes) && stats.mtimeNs === mtimeNs;
}

/** Whether the target's file of this name is the source itself or holds the same; undefined when there is no such name. */
export async function compareFiles(
  source: FileHandle,
  target: Dir,
  name: BytePath,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  if (!(await exists(target, name))) return undefined;
  const other = await openFile(target, name);
  if (other === undefined) return undefined;
  await using _other = other;
  const [one, two] = await Promise.all([source.stat({ bigint: true }), other.handle.stat({ bigint: true })]);
  if (!two.isFile()) return false;
  return (one.ino === two.ino && one.dev === two.dev) || (await holdTheSame(source, other.handle, signal));
}

/** Whether there is such a name, whatever has it. */
export async function exists(dir: Dir, name: BytePath): Promise<boolean> {
  try {
    await lstat(dir.at(name));
    return true;
  } catch (error) {
    if (toErrno(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Gives a file a second name; never overwrites. */
export async function tryLink(from: Buffer, to: Buffer): Promise<'linked' | 'exists' | 'impossible'> {
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
