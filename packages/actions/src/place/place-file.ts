import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, unlink } from 'node:fs/promises';
import type { BytePath } from '@sendit/files';
import { type ManifestFile, toErrno } from '@sendit/model';
import type { AfterStep, Dir } from './dir-tree.ts';
import { copyContent } from './file-content.ts';
import { compareFiles, exists, isAsSealed, openFile, owning, tryLink } from './open-file.ts';

/** One sealed file and where it is to go. */
export interface Placing {
  /** Its name at the target. */
  readonly name: BytePath;
  /** Its name here, where that is another one. */
  readonly sourceName?: BytePath | undefined;
  readonly sealed: ManifestFile;
  /** Undefined when its directory is gone. */
  readonly from: Dir | undefined;
  readonly to: Dir;
  /** Holds unfinished copies, on the same file system as the target. */
  readonly parts: () => Promise<Dir>;
  /** A move may give the file itself a second name; a copy shares nothing with its original. */
  readonly mayLink: boolean;
  /** An earlier attempt has placed every file and begun to remove originals: what is gone here was at its target. */
  readonly isPlaced: boolean;
  /** Device of the watch path. */
  readonly device: bigint;
  /** Whether the file, of which only the change time is not the sealed one, holds what its import did not read; undefined: nobody asks. */
  readonly isOther?: ((sealed: ManifestFile) => Promise<boolean>) | undefined;
}

/** `there`: the target holds what was sealed. */
export type Placed =
  | { readonly kind: 'there' }
  | { readonly kind: 'refused'; readonly reason: string; readonly again: 'later' | 'never' };

const THERE: Placed = { kind: 'there' };
const CHANGED: Placed = { kind: 'refused', reason: 'a file was changed after it was sealed', again: 'never' };
const CONFLICT: Placed = { kind: 'refused', reason: 'the target has another file of the same name', again: 'never' };
// What is gone may be back: a share that was not mounted, a sender that replaces its directory.
const NEITHER: Placed = { kind: 'refused', reason: 'a sealed file is neither here nor at the target', again: 'later' };
const UNPROVEN: Placed = {
  kind: 'refused',
  reason: 'a sealed file is gone, and the file of its name at the target cannot be told to be the same',
  again: 'later',
};

/**
 * Brings one file to its target, whatever an earlier attempt left:
 *
 * here | at the target       | done
 * yes  | no                  | linked, or copied to a temporary name, verified, and given its name
 * yes  | the same bytes      | nothing
 * yes  | other content       | refused; nothing is ever overwritten
 * no   | the very same inode | nothing
 * no   | anything else       | refused, unless every file had been placed before
 */
export async function placeFile(placing: Placing, afterStep: AfterStep, signal: AbortSignal): Promise<Placed> {
  const { from, to, name, sealed, sourceName = name, isPlaced } = placing;
  const source = from === undefined ? undefined : await openFile(from, sourceName);
  if (source === undefined) return isPlaced ? THERE : seeTarget(placing);
  await using _source = source;
  const { handle } = source;
  const original = await handle.stat({ bigint: true });
  if (!isAsSealed(original, sealed)) return isPlaced ? THERE : CHANGED;
  const isThere = await compareFiles(handle, to, name, signal);
  if (isThere !== undefined) return isThere ? THERE : CONFLICT;
  // What is at the target was looked at before it came there; a link to it has changed this time too.
  const isTouched = sealed.changedNs !== undefined && sealed.changedNs !== original.ctimeNs;
  if (isTouched && (await placing.isOther?.(sealed))) return CHANGED;
  if (placing.mayLink && from !== undefined) {
    const linked = await tryLink(from.at(sourceName), to.at(name));
    if (linked === 'linked') {
      afterStep('link');
      // The name may have been given to something else since it was opened.
      const there = await lstat(to.at(name), { bigint: true });
      if (there.ino === original.ino && there.dev === original.dev) return THERE;
      await unlink(to.at(name));
      return CHANGED;
    }
    if (linked === 'exists') return (await compareFiles(handle, to, name, signal)) === true ? THERE : CONFLICT;
  }
  return await copyIn(handle, original, placing, afterStep, signal);
}

async function copyIn(
  source: FileHandle,
  original: BigIntStats,
  { name, to, parts }: Placing,
  afterStep: AfterStep,
  signal: AbortSignal,
): Promise<Placed> {
  const dir = await parts();
  const temp = `${randomBytes(6).toString('hex')}.part`;
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const mode = Number(original.mode & 0o777n);
  await using copy = owning(await open(dir.at(temp), flags, mode));
  afterStep('create a copy');
  const isWhole = await copyContent(source, copy.handle, signal);
  // CIFS, exFAT and some FUSE mounts refuse both.
  await copy.handle.chmod(mode).catch(ifRefused);
  await copy.handle.utimes(Number(original.atimeNs) / 1e9, Number(original.mtimeNs) / 1e9).catch(ifRefused);
  await copy.handle.sync();
  afterStep('write a copy');
  const now = await source.stat({ bigint: true });
  if (now.size !== original.size || now.mtimeNs !== original.mtimeNs) return CHANGED;
  if (!isWhole) return { kind: 'refused', reason: 'a copy did not read back as it was written', again: 'later' };
  const named = await tryLink(dir.at(temp), to.at(name));
  if (named === 'exists') return (await compareFiles(source, to, name, signal)) === true ? THERE : CONFLICT;
  if (named === 'linked') {
    afterStep('name a copy');
    await unlink(dir.at(temp));
    afterStep('drop the temporary name');
    return THERE;
  }
  // Without links there is no way to name it that cannot overwrite; nobody but us writes there.
  if (await exists(to, name)) return CONFLICT;
  await rename(dir.at(temp), to.at(name));
  afterStep('rename a copy');
  return THERE;
}

/** Size and times prove nothing: only the sealed file itself, by its inode, is known to be what was sealed. */
async function seeTarget({ to, name, sealed, device }: Placing): Promise<Placed> {
  const target = await openFile(to, name);
  if (target === undefined) return NEITHER;
  await using _target = target;
  const stats = await target.handle.stat({ bigint: true });
  const isIt = stats.ino === sealed.inode && stats.dev === device && isAsSealed(stats, sealed);
  return isIt ? THERE : UNPROVEN;
}

function ifRefused(error: unknown): undefined {
  if (!['EPERM', 'EACCES', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EINVAL'].includes(toErrno(error) ?? '')) throw error;
}
