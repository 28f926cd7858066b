import type { PendingDirectory } from '@sendit/api';
import type { WatchPath } from '@sendit/config';
import { toNameRules } from '@sendit/detector';
import { createTurns, lookAtFolder, readChildren, readStorage } from '@sendit/detector/node';
import {
  type BatchStore,
  createIntake,
  type EventSource,
  type Intake,
  LEAVING_MASK,
  type NoteStore,
  OWN_READING_MASK,
  runWatchPath,
  UNIT_MASK,
  type WatchPathState,
} from '@sendit/intake';
import {
  type DiskSpace,
  type Logger,
  type OldestWaiting,
  type Root,
  type RootStatus,
  systemClock,
} from '@sendit/model';
import type { Processor, Signals } from '@sendit/processors';
import { isLocalBelow, openRevalidation, openWatchSource, type WatchSource } from '@sendit/watch';
import { toSidecarNames } from '../disk/sidecar-names.ts';
import type { ContentCheck } from '../disk/content-check.ts';
import { openUnitDisk, readHeaders } from '../disk/unit-disk.ts';
import type { Part } from '../parts/run-together.ts';
import { type MountGuardStores, openMountGuard, readFolderKey } from './open-mount-guard.ts';
import { readQuietTime } from './quiet-time.ts';
import { toOldest, toPendingDirectory, toRootStatus } from './watch-path-views.ts';
import { openWriters, type Writers } from './writers.ts';

export interface WatchPathDeps {
  readonly database: {
    readonly roots: { upsert(root: { name: string; path: string }): Promise<Root> };
    readonly batches: BatchStore & MountGuardStores['batches'];
    readonly mounts: MountGuardStores['mounts'];
    readonly directories: NoteStore;
  };
  /** Reads touched files again. */
  readonly contents: Pick<ContentCheck, 'readDigests'>;
  readonly processor: Processor;
  readonly signals: Signals;
  /** Whether somebody set its quiet time. */
  readonly isQuietSet: boolean;
  readonly logger: Logger;
  readonly onSealed: () => void;
  /** Free space of a folder. */
  readonly diskOf: (folder: string) => DiskSpace | null;
}

/** The longest wait is looked up this often: it goes through all that waits. */
const OLDEST_MS = 5_000;

/** One watch path, its watch standing. */
export interface WatchedPath extends AsyncDisposable {
  /** To be run side by side. */
  readonly parts: readonly Part[];
  readonly root: Root;
  readonly intake: Intake;
  status(): RootStatus;
  pending(): PendingDirectory[];
}

/**
 * Opens the watch of one watch path, and the intake behind it; a watch that fails later is reopened.
 * @throws SenditError `watch-failed`
 */
export async function openWatchPath(configured: WatchPath, deps: WatchPathDeps): Promise<WatchedPath> {
  const { contents, database, isQuietSet, logger, processor, signals } = deps;
  const { name, folder, mask, backend, limits, rescanMs, unit } = configured;
  const isDeep = unit !== 'directory';
  const writers = await openWriters({
    folder,
    backend,
    isDeep,
    isAsked: configured.profile !== 'legacy' && configured.profile !== 'strict',
  });
  const needed = processor.intake === true ? mask | LEAVING_MASK : mask;
  const watched = isDeep ? (needed | UNIT_MASK | writers.mask) & ~OWN_READING_MASK : needed;
  let isNear = false;
  const readNear = async (): Promise<void> => {
    isNear = (await readStorage(folder)).isNear && (await isLocalBelow(folder));
  };
  const open = async (): Promise<WatchSource> => {
    await readNear();
    return openWatchSource({ path: folder, mask: watched, recursive: isDeep, backend, logger });
  };
  const keyBefore = await readFolderKey(folder);
  const source = await open();
  logger.verbose('Watching', { root: name, backend: source.backend, reason: source.reason });

  const root = await database.roots.upsert({ name, path: folder });
  const mount = openMountGuard(root, folder, database, { isNear: () => isNear, logger });
  const isRight = (await mount.check()) === null && (await readFolderKey(folder)) === keyBefore;
  // Opened on a bare mount point, it would hear nothing of what is mounted over it.
  if (!isRight) await source[Symbol.asyncDispose]();
  let standing: EventSource | undefined = isRight ? toHeard(source, writers) : undefined;
  const openHeard = async (): Promise<EventSource> => toHeard(await open(), writers);
  const expected = isRight ? null : await database.mounts.expected(root.id);
  const quiet = await readQuietTime({ ...configured, isSet: isQuietSet }, expected);
  if (quiet.info !== null) logger.info(quiet.info);
  if (quiet.problem !== null) logger.warning(quiet.problem);
  for (const note of writers.notes) logger.info(note, { root: name });
  if (writers.limitation !== null) logger.info(writers.limitation, { root: name });
  const { quietMs } = quiet;
  const watchPath = { ...configured, quietMs };
  const revalidate = quiet.isLate ? await openRevalidation() : undefined;
  const sidecars = toSidecarNames(watchPath);
  const names = toNameRules(watchPath);
  const turns = createTurns();
  const sealAndLeave: BatchStore['seal'] = async (request) => {
    const outcome = await database.batches.seal(request);
    if (outcome.kind !== 'kept-back') writers.sealed(request.path);
    return outcome;
  };
  const intake = createIntake({
    root,
    watchPath: { ...watchPath, names },
    store: { ...database.batches, seal: (request) => sealAndLeave(request) },
    notes: database.directories,
    lookAtFolder: (path, signal, options) =>
      lookAtFolder(path, signal, { ...sidecars, limits, names, revalidate, ...(isNear && { turns }), ...options }),
    readChildren: async (path, signal) => {
      // With each scan: something may have been mounted below since.
      await readNear();
      await revalidate?.(path);
      return readChildren(path, signal);
    },
    // Many directories may become quiet at once: after a start, all that are there. A look that began within the quiet time began
    // after the last change of each of them, and is as good as one of its own.
    readWriters: (path, signal) => writers.read(path, signal, { reuseMs: quietMs }),
    onJudging: (path, { isRenamed }) => writers.arriving(path, isRenamed),
    disk: isDeep ? openUnitDisk({ sidecars, writers, reuseMs: quietMs, revalidate }) : undefined,
    readHeaders,
    readDigests: (directory, files, signal) => contents.readDigests(directory, files, signal),
    mount,
    clock: systemClock,
    logger,
    onSealed: deps.onSealed,
  });
  let state: WatchPathState | undefined;
  let oldest: { readonly at: number; readonly found: OldestWaiting | null } | undefined;
  const readOldest = (): OldestWaiting | null => {
    const at = performance.now();
    if (oldest === undefined || at - oldest.at >= OLDEST_MS)
      oldest = { at, found: toOldest(intake.pending().candidates, Date.now()) };
    return oldest.found;
  };
  const watch: Part = (signal) =>
    runWatchPath(
      {
        openSource: () => {
          const ready = standing;
          standing = undefined;
          return ready === undefined ? openHeard() : Promise.resolve(ready);
        },
        processor,
        signals,
        intake,
        mount,
        hiddenMask: watched & ~mask,
        rescanMs,
        clock: systemClock,
        logger,
        onState: (next) => {
          state = next;
        },
      },
      signal,
    );
  return {
    parts: [watch, (signal) => intake.run(signal)],
    root,
    intake,
    pending: () =>
      intake.pending().candidates.map((candidate) =>
        toPendingDirectory(candidate, {
          root: name,
          quietMs,
          writing: writers.heard(candidate.path) ?? candidate.writing ?? null,
        }),
      ),
    status: () =>
      toRootStatus({
        name,
        folder,
        intake,
        source,
        state,
        problem: mount.problem,
        quietProblem: quiet.problem,
        notes: writers.notes,
        disk: deps.diskOf(folder),
        oldest: readOldest(),
      }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([source, writers].map((one) => one[Symbol.asyncDispose]()));
    },
  };
}

/** The same source, with an ear for who writes. */
function toHeard(source: WatchSource, writers: Writers): EventSource {
  return {
    get backend() {
      return source.backend;
    },
    get reason() {
      return source.reason;
    },
    events: (signal) => writers.hear(source.events(signal)),
    status: () => source.status(),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
