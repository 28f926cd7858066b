import type {
  AuditQuery,
  AuditRecord,
  ActionCounts,
  ActionQuery,
  ActionSummary,
  BatchDetail,
  BatchQuery,
  BatchSummary,
  DirectoryNote,
  HeldCounts,
  Heartbeat,
  Mode,
  PendingDirectory,
  QueueCounts,
  RetryOutcome,
  RetryPage,
  RetryQuery,
  Root,
  SenditApi,
  WatcherStatus,
} from '@sendit/model';
import { toKeptBack, toMessage } from '@sendit/model';
import { acceptMount, type MountAccepter } from './accept-mount.ts';
import { type DecideDeps, decide } from './decide.ts';

/** A heartbeat older than this means that its watcher is gone. */
export const HEARTBEAT_LIMIT_MS = 10_000;

/** What {@link createDatabaseApi} asks; the database and the queue satisfy it. */
export interface DatabaseApiDeps extends Omit<DecideDeps, 'decisions'> {
  readonly batches: {
    list(query: BatchQuery): Promise<readonly BatchSummary[]>;
    show(ref: string): Promise<BatchDetail | undefined>;
    countLate(): Promise<number>;
    countHeld(): Promise<HeldCounts>;
    retry(ref: string, by?: string): Promise<RetryOutcome>;
    retryMany(query: RetryQuery): Promise<RetryPage>;
  };
  readonly decisions: DecideDeps['decisions'] & { audit(query: AuditQuery): Promise<readonly AuditRecord[]> };
  readonly directories: { list(): Promise<readonly { readonly root: Root; readonly note: DirectoryNote }[]> };
  readonly actions: {
    list(query: ActionQuery): Promise<readonly ActionSummary[]>;
    counts(): Promise<ActionCounts>;
    retry(query: ActionQuery): Promise<number>;
  };
  readonly mounts: MountAccepter;
  readonly heartbeats: { list(): Promise<readonly (Heartbeat & { readonly ageMs: number })[]> };
  readonly queue: { counts(): Promise<QueueCounts> } | undefined;
  readonly mode: Mode;
}

/** Answers from the database alone: the watcher is active when one of its heartbeats is young enough. */
export function createDatabaseApi(deps: DatabaseApiDeps): SenditApi {
  return {
    listBatches: (query) => deps.batches.list(query),
    showBatch: (ref) => deps.batches.show(ref),
    retryBatch: (ref, by) => deps.batches.retry(ref, by),
    retryBatches: (query) => deps.batches.retryMany(query),
    listActions: (query) => deps.actions.list(query),
    retryActions: async (query) => ({ queued: await deps.actions.retry(query) }),
    status: () => readStatus(deps),
    decide: (request) => decide(deps, request),
    acceptMount: (request) => acceptMount(deps.mounts, request),
    listAudit: (query) => deps.decisions.audit(query),
    listPending: async () => (await deps.directories.list()).map(({ root, note }) => toPending(root, note)),
  };
}

/** Job counts, or why there are none: a queue that does not answer is something to show, not a failure. */
export async function readQueueCounts(
  queue: Pick<NonNullable<DatabaseApiDeps['queue']>, 'counts'> | undefined,
): Promise<{ readonly counts: QueueCounts | null; readonly problem: string | null }> {
  try {
    return { counts: (await queue?.counts()) ?? null, problem: null };
  } catch (error) {
    return { counts: null, problem: `The queue does not answer: ${toMessage(error)}` };
  }
}

/** What the database remembers of a directory; how long it waits, only a running watcher knows. */
function toPending(root: Root, note: DirectoryNote): PendingDirectory {
  const { arrival, identity, relativePath, renamedFiles } = note;
  return {
    root: root.name,
    path: `${root.path === '/' ? '' : root.path}/${relativePath}`,
    name: relativePath.slice(relativePath.lastIndexOf('/') + 1),
    arrival,
    ...(renamedFiles === null ? {} : { renamedFiles }),
    ...toKeptBack(note),
    identity,
    waitingMs: null,
    unchangedMs: null,
    snapshotDigest: null,
    quietMs: null,
  };
}

/** What a person should know of actions that failed for good, or null. */
export function toActionProblem(actions: ActionCounts | null): string | null {
  if (actions === null || actions.failed === 0) return null;
  const [subject, them] =
    actions.failed === 1 ? ['1 hand-on action has', 'it'] : [`${actions.failed} hand-on actions have`, 'them'];
  return `${subject} failed: \`sendit batch actions --state failed\` names ${them}, with \`--retry\` ${them === 'it' ? 'it runs' : 'they run'} again.`;
}

/** What a person should know of batches whose sealed files vanished before their import, or cannot be read. */
export function toHeldProblems({ missing, unreadable }: HeldCounts): readonly string[] {
  const which = '`sendit batch list --status HELD` says which';
  const toSubject = (held: number): string => (held === 1 ? '1 batch is' : `${held} batches are`);
  return [
    ...(missing === 0
      ? []
      : [
          `${toSubject(missing)} held, since sealed files vanished before the import: ${which}. Put them back, or import what is left with \`sendit batch retry\`.`,
        ]),
    ...(unreadable === 0
      ? []
      : [
          `${toSubject(unreadable)} held, since sealed files cannot be read: ${which}. Mend permissions, disk or mount, or import the rest with \`sendit batch accept\`.`,
        ]),
  ];
}

/** What a person should know of batches that changed after their seal and are left as they are, or null. */
export function toLateProblem(late: number): string | null {
  if (late === 0) return null;
  const [subject, them] = late === 1 ? ['1 batch', 'it'] : [`${late} batches`, 'them'];
  return `${subject} changed after the seal, and that is not imported: \`sendit batch list --late\` names ${them}, \`sendit batch amend\` imports what came late; \`late: amend\` does so by itself.`;
}

async function readStatus(deps: DatabaseApiDeps): Promise<WatcherStatus> {
  const [beats, queue, actions, held, late] = await Promise.all([
    deps.heartbeats.list(),
    readQueueCounts(deps.queue),
    deps.actions.counts(),
    deps.batches.countHeld(),
    deps.batches.countLate(),
  ]);
  const alive = beats.filter((beat) => beat.ageMs <= HEARTBEAT_LIMIT_MS);
  const first = alive[0];
  return {
    active: first !== undefined,
    pid: first?.pid ?? null,
    since: first?.startedAt ?? null,
    mode: deps.mode,
    portal: { url: first?.portalUrl ?? null },
    roots: alive.flatMap((beat) => beat.roots),
    queue: queue.counts,
    actions,
    problems: [queue.problem, ...toHeldProblems(held), toLateProblem(late), toActionProblem(actions)].filter(
      (problem) => problem !== null,
    ),
  };
}
