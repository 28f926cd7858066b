import { basename, dirname, join } from 'node:path';
import type { WatchPath } from '@sendit/config';
import { isFinishedName } from '@sendit/detector';
import { readDirectoryIdentity } from '@sendit/detector/node';
import { SenditError, toErrorName } from '@sendit/model';
import type { DirectoryThere } from '@sendit/portal';
import { toNameReason } from './left-alone.ts';

/** A watch path and the id of its root. */
export interface LocatedWatchPath extends Pick<WatchPath, 'folder' | 'testPrefix' | 'ignore' | 'arrivingNames'> {
  readonly rootId: () => Promise<string>;
}

/**
 * Finds the directory right below a watch path that a reference names: an absolute path, or a base name that exists in
 * one watch path. Undefined for an id, and for paths elsewhere. With `isOwnHost` false the watcher may see other device
 * numbers, so the result has no identity.
 * @throws SenditError `unreadable` when the system does not say what is there, `refused` for directories that are never
 * sealed under their name, `bad-arguments` for an ambiguous name
 */
export async function locateDirectory(
  ref: string,
  watchPaths: readonly LocatedWatchPath[],
  { isOwnHost }: { readonly isOwnHost: boolean },
): Promise<DirectoryThere | undefined> {
  const isPath = ref.includes('/');
  if (/^id:\d+$/.test(ref)) return undefined;
  const candidates = isPath
    ? watchPaths.filter(({ folder }) => folder === dirname(ref))
    : await withDirectory(watchPaths, ref);
  const [watchPath, another] = candidates;
  if (watchPath === undefined) return undefined;
  if (another !== undefined) {
    throw new SenditError('Expected one directory of this name, several watch paths have one.', {
      code: 'bad-arguments',
      hint: 'Give its absolute path.',
    });
  }
  const name = basename(ref);
  const identity = await identify(join(watchPath.folder, name));
  if (identity !== null) refuseUnsealable(name, watchPath);
  const exists = identity !== null;
  return { rootId: await watchPath.rootId(), relativePath: name, exists, identity: isOwnHost ? identity : null };
}

/** @throws SenditError `unreadable` where the system does not say: a directory that cannot be seen is not gone. */
async function identify(path: string): Promise<string | null> {
  try {
    return await readDirectoryIdentity(path);
  } catch (cause) {
    throw new SenditError('Expected to see whether the directory is there, the system refuses to say.', {
      code: 'unreadable',
      retry: 'safe',
      hint: 'Check permissions and mount of the watch path; a batch can be named by its id.',
      problems: [toErrorName(cause)],
      cause,
    });
  }
}

async function withDirectory(
  watchPaths: readonly LocatedWatchPath[],
  name: string,
): Promise<readonly LocatedWatchPath[]> {
  const found = await Promise.all(watchPaths.map(({ folder }) => identify(join(folder, name))));
  return watchPaths.filter((_, index) => found[index] !== null);
}

function refuseUnsealable(name: string, watchPath: LocatedWatchPath): void {
  if (!isFinishedName(name)) {
    throw new SenditError('Its name is not final: it ends in .tmp*, so that it is not sealed whoever releases it.', {
      code: 'refused',
      hint: 'Rename it to its final name when everything is in it; that is a release.',
    });
  }
  const alone = toNameReason(name, watchPath, watchPath);
  if (alone !== undefined) {
    throw new SenditError(`It is never sealed under its name: ${alone.reason}.`, {
      code: 'refused',
      hint: alone.toFinish,
    });
  }
}
