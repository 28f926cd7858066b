import type { PendingDirectory } from '@sendit/api';
import type { WatchPath } from '@sendit/config';
import type { DirectoryNote, RootStatus } from '@sendit/model';
import type { DirectoryThere } from '@sendit/portal';
import { createSignals, type Processor } from '@sendit/processors';
import type { LocatedWatchPath } from '../disk/locate-directory.ts';
import type { Part } from '../parts/run-together.ts';
import { openWatchPath, type WatchedPath, type WatchPathDeps } from './open-watch-path.ts';

export interface WatchPathsDeps
  extends Pick<WatchPathDeps, 'contents' | 'database' | 'logger' | 'onSealed' | 'diskOf'> {
  /** One for each watch path, in the same order. */
  readonly processors: readonly Processor[];
  /** Whether somebody set the quiet time of the watch path with this index. */
  readonly isQuietSet: (index: number) => boolean;
}

/** Every configured watch path, its watch standing. */
export interface WatchedPaths extends AsyncDisposable {
  /** To be run side by side. */
  readonly parts: readonly Part[];
  status(): RootStatus[];
  /** Candidates not yet sealed, longest wait first. */
  pending(): PendingDirectory[];
  /** Where the directories of each watch path lie. */
  readonly located: readonly LocatedWatchPath[];
  /** Tells the watch path of this root what is remembered of a directory now. */
  decide(directory: DirectoryThere, note: DirectoryNote | undefined): void;
}

/**
 * Opens all watches, so that a folder that cannot be watched is known before anything runs; from then on a failing one is reopened.
 * @throws SenditError `watch-failed`; what was opened before is closed.
 */
export async function openWatchPaths(watchPaths: readonly WatchPath[], deps: WatchPathsDeps): Promise<WatchedPaths> {
  const opened: WatchedPath[] = [];
  // One set for all, so that a processor of one watch path can listen to what another sends.
  const signals = createSignals(deps.logger);
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  };
  try {
    for (const [index, watchPath] of watchPaths.entries()) {
      const processor = deps.processors[index];
      if (processor === undefined) throw new TypeError(`Expected a processor for watch path ${index}.`);
      opened.push(await openWatchPath(watchPath, { ...deps, isQuietSet: deps.isQuietSet(index), processor, signals }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    parts: opened.flatMap((one) => one.parts),
    status: () => opened.map((one) => one.status()),
    pending: () =>
      opened.flatMap((one) => one.pending()).sort((one, other) => (other.waitingMs ?? 0) - (one.waitingMs ?? 0)),
    located: opened.map(({ root }, index) => ({
      folder: root.path,
      testPrefix: watchPaths[index]?.testPrefix ?? false,
      ignore: watchPaths[index]?.ignore ?? [],
      arrivingNames: watchPaths[index]?.arrivingNames ?? [],
      rootId: () => Promise.resolve(root.id),
    })),
    decide: ({ relativePath, rootId }, note) => {
      for (const { intake, root } of opened) if (root.id === rootId) intake.decide(relativePath, note);
    },
    [Symbol.asyncDispose]: close,
  };
}
