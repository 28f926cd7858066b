import type { PendingDirectory } from '@sendit/api';
import type { Intake, WatchPathState } from '@sendit/intake';
import type { RootStatus } from '@sendit/model';
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
}

/** A watch path as `watcher status` tells it. */
export function toRootStatus(view: WatchPathView): RootStatus {
  const { folder, intake, name, notes, problem, quietProblem, source, state } = view;
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
    problem: state?.problem ?? problem ?? intake.storeProblem,
    notes,
    problems: [...(quietProblem === null ? [] : [quietProblem]), ...(state?.problems ?? []), ...intake.problems],
  };
}
