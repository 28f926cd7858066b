import type { PendingDirectory } from '@sendit/api';
import type { WatchPath } from '@sendit/config';
import { toNameRules } from '@sendit/detector';
import { lookAtFolder, readChildren } from '@sendit/detector/node';
import type { DirectoryThere } from '@sendit/portal';
import { type DirectoryNote, type Logger, type Root, type RootStatus, systemClock } from '@sendit/model';
import {
  type BatchStore,
  createIntake,
  type EventSource,
  type Intake,
  type NoteStore,
  OWN_READING_MASK,
  runWatchPath,
  UNIT_MASK,
  type WatchPathState,
} from '@sendit/intake';
import { createSignals, type Processor, type Signals } from '@sendit/processors';
import { openRevalidation, openWatchSource, type WatchSource } from '@sendit/watch';
import type { LocatedWatchPath } from '../disk/locate-directory.ts';
import { toSidecarNames } from '../disk/sidecar-names.ts';
import { openUnitDisk, readHeaders } from '../disk/unit-disk.ts';
import { type MountGuardStores, openMountGuard, readFolderKey } from './open-mount-guard.ts';
import { readQuietTime } from './quiet-time.ts';
import type { Part } from '../parts/run-together.ts';
import { openWriters, type Writers } from './writers.ts';

export interface WatchPathsDeps {
  readonly database: {
    readonly roots: { upsert(root: { name: string; path: string }): Promise<Root> };
    readonly batches: BatchStore & MountGuardStores['batches'];
    readonly mounts: MountGuardStores['mounts'];
    readonly directories: NoteStore;
  };
  /** One for each watch path, in the same order. */
  readonly processors: readonly Processor[];
  /** Whether somebody set the quiet time of the watch path with this index. */
  readonly isQuietSet: (index: number) => boolean;
  readonly logger: Logger;
  readonly onSealed: () => void;
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

interface WatchPathDeps extends Omit<WatchPathsDeps, 'processors' | 'isQuietSet'> {
  readonly isQuietSet: boolean;
  readonly processor: Processor;
  readonly signals: Signals;
}

interface WatchedPath {
  readonly parts: readonly Part[];
  readonly source: WatchSource;
  readonly writers: Writers;
  readonly root: Root;
  readonly intake: Intake;
  status(): RootStatus;
  pending(): PendingDirectory[];
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
    await Promise.all(
      opened.flatMap(({ source, writers }) => [source, writers].map((one) => one[Symbol.asyncDispose]())),
    );
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

async function openWatchPath(configured: WatchPath, deps: WatchPathDeps): Promise<WatchedPath> {
  const { database, isQuietSet, logger, processor, signals } = deps;
  const { name, folder, mask, backend, limits, rescanMs, unit } = configured;
  const isDeep = unit !== 'directory';
  const writers = await openWriters({ folder, backend, isDeep, isAsked: configured.profile === 'safe' });
  const watched = isDeep ? (mask | UNIT_MASK | writers.mask) & ~OWN_READING_MASK : mask;
  const open = (): Promise<WatchSource> =>
    openWatchSource({ path: folder, mask: watched, recursive: isDeep, backend, logger });
  const keyBefore = await readFolderKey(folder);
  const source = await open();
  logger.verbose('Watching', { root: name, backend: source.backend, reason: source.reason });

  const root = await database.roots.upsert({ name, path: folder });
  const mount = openMountGuard(root, folder, database, logger);
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
  const { quietMs } = quiet;
  const watchPath = { ...configured, quietMs };
  const revalidate = quiet.isLate ? await openRevalidation() : undefined;
  const sidecars = toSidecarNames(watchPath);
  const names = toNameRules(watchPath);
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
      lookAtFolder(path, signal, { ...sidecars, limits, names, revalidate, ...options }),
    readChildren: async (path, signal) => {
      await revalidate?.(path);
      return readChildren(path, signal);
    },
    // Many directories may become quiet at once: after a start, all that are there. A look that began within the quiet time began
    // after the last change of each of them, and is as good as one of its own.
    readWriters: (path, signal) => writers.read(path, signal, { reuseMs: quietMs }),
    onJudging: (path, { isRenamed }) => writers.arriving(path, isRenamed),
    disk: isDeep ? openUnitDisk({ sidecars, writers, reuseMs: quietMs, revalidate }) : undefined,
    readHeaders,
    mount,
    clock: systemClock,
    logger,
    onSealed: deps.onSealed,
  });
  let state: WatchPathState | undefined;
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
    source,
    writers,
    root,
    intake,
    pending: () =>
      intake.pending().candidates.map((candidate) => {
        const { arrival, decision, identity, name: child, outcome, path, ...times } = candidate;
        const { reason, renamedFiles, since, snapshotDigest, unchangedMs, waitingMs } = times;
        return {
          ...(renamedFiles === undefined ? {} : { renamedFiles }),
          root: name,
          path,
          name: child,
          arrival,
          outcome,
          reason,
          since,
          decision,
          identity,
          waitingMs,
          unchangedMs,
          snapshotDigest,
          quietMs,
          writing: writers.heard(path) ?? null,
        };
      }),
    status: () => ({
      name,
      path: folder,
      backend: state?.backend ?? source.backend,
      backendReason: state === undefined ? source.reason : state.backendReason,
      pending: intake.pendingCount,
      ...intake.kept,
      skippedTests: intake.skippedTests,
      ignored: intake.ignored,
      lateChanges: intake.lateChanges,
      overflows: state?.overflows ?? 0,
      foundByRescan: state?.foundByRescan ?? 0,
      problem: state?.problem ?? mount.problem ?? intake.storeProblem,
      notes: writers.notes,
      problems: [...(quiet.problem === null ? [] : [quiet.problem]), ...(state?.problems ?? []), ...intake.problems],
    }),
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
