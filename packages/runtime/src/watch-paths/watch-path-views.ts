import type { PendingDirectory } from '@sendit/api';
import type { Intake, WatchPathState } from '@sendit/intake';
import type { DiskSpace, OldestWaiting, RootStatus } from '@sendit/model';
import type { WatchSource } from '@sendit/watch';

type PendingCandidate = ReturnType<Intake['pending']>['candidates'][number];

/** A candidate as `watcher pending` tells it. */
export function toPendingDirectory(
  candidate: PendingCandidate,
  known: Pick<PendingDirectory, 'root' | 'quietMs' | 'writing'>,
): PendingDirectory {
  const { arrival, decision, identity, name, outcome, path, ...times } = candidate;
  const { reason, renamedFiles, since, snapshotDigest, unchangedMs, waitingMs } = times;
  return {
    ...(renamedFiles === undefined ? {} : { renamedFiles }),
    ...known,
    path,
    name,
    arrival,
    outcome,
    reason,
    since,
    decision,
    identity,
    waitingMs,
    unchangedMs,
    snapshotDigest,
  };
}

export interface WatchPathView {
  readonly name: string;
  readonly folder: string;
  readonly intake: Intake;
  /** The first one; `state` tells of those after it. */
  readonly source: Pick<WatchSource, 'backend' | 'reason'>;
  readonly state: WatchPathState | undefined;
  /** Problem of the mount. */
  readonly problem: string | null;
  readonly quietProblem: string | null;
  readonly notes: readonly string[];
  readonly disk: DiskSpace | null;
  readonly oldest: OldestWaiting | null;
}

/** Times of a status change in steps of this, so that it stays the same while nothing happens. */
const STEP_MS = 10_000;

/** What has waited longest, and is neither held nor quarantined. */
export function toOldest(candidates: readonly PendingCandidate[], now: number): OldestWaiting | null {
  const waiting = candidates.filter(({ outcome, waitingMs }) => outcome === 'waiting' && waitingMs !== null);
  const [oldest] = waiting.toSorted((a, b) => (b.waitingMs ?? 0) - (a.waitingMs ?? 0));
  if (oldest === undefined) return null;
  const since = Math.floor((now - (oldest.waitingMs ?? 0)) / STEP_MS) * STEP_MS;
  return { since: new Date(since).toISOString(), reason: oldest.reason };
}

/** A watch path as `watcher status` tells it. */
export function toRootStatus(view: WatchPathView): RootStatus {
  const { disk, folder, intake, name, notes, oldest, problem, quietProblem, source, state } = view;
  return {
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
    oldest,
    disk,
    problem: state?.problem ?? problem ?? intake.storeProblem,
    notes,
    problems: [...(quietProblem === null ? [] : [quietProblem]), ...(state?.problems ?? []), ...intake.problems],
  };
}
