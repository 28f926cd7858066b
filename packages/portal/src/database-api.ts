import type {
  ActionQuery,
  ActionSummary,
  AuditQuery,
  AuditRecord,
  BatchDetail,
  BatchQuery,
  BatchSummary,
  Health,
  PendingDirectory,
  RetryOutcome,
  RetryPage,
  RetryQuery,
  SenditApi,
  WatcherStatus,
} from '@sendit/api';
import type {
  ActionCounts,
  DirectoryNote,
  HealthCode,
  HeldCounts,
  Heartbeat,
  Mode,
  QueueCounts,
  Root,
} from '@sendit/model';
import { toKeptBack, toMessage } from '@sendit/model';
import { acceptMount, type MountAccepter } from './accept-mount.ts';
import { type DecideDeps, decide } from './decide.ts';
import { dateHealth, HEARTBEAT_LIMIT_MS, type HealthFacts, judgeHealth } from './judge-health.ts';

/** Ports of {@link createDatabaseApi}; the database and the queue satisfy them. */
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
  readonly queue: { counts(): Promise<QueueCounts>; probe?(): Promise<void> } | undefined;
  readonly mode: Mode;
}

/** Answers from the database alone: the watcher is active when one of its heartbeats is young enough. */
export function createDatabaseApi(deps: DatabaseApiDeps): SenditApi {
  let health: Health | undefined;
  return {
    listBatches: (query) => deps.batches.list(query),
    showBatch: ({ ref }) => deps.batches.show(ref),
    retryBatch: ({ id, by }) => deps.batches.retry(`id:${id}`, by),
    retryBatches: (query) => deps.batches.retryMany(query),
    listActions: (query) => deps.actions.list(query),
    retryActions: async (query) => ({ queued: await deps.actions.retry(query) }),
    status: async () => {
      const status = await readStatus(deps, health);
      health = status.health;
      return status;
    },
    decide: (request) => decide(deps, request),
    acceptMount: (request) => acceptMount(deps.mounts, request),
    listAudit: (query) => deps.decisions.audit(query),
    listPending: async () => (await deps.directories.list()).map(({ root, note }) => toPending(root, note)),
  };
}

/** Job counts, or the problem of the queue: something to show, not a failure. */
export async function readQueue(queue: DatabaseApiDeps['queue']): Promise<HealthFacts['queue']> {
  let counts: QueueCounts | null;
  try {
    counts = (await queue?.counts()) ?? null;
  } catch (error) {
    const message = `The queue does not answer: ${toMessage(error)}`;
    return { counts: null, problem: { code: 'queue-unavailable', message } };
  }
  try {
    await queue?.probe?.();
    return { counts, problem: null };
  } catch (error) {
    const message = `The queue answers and takes no jobs; give Redis memory, or make it a master again: ${toMessage(error)}`;
    return { counts, problem: { code: 'queue-refuses', message } };
  }
}

/** The database's note about a directory; only a running watcher knows how long it waits. */
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

/** The judgement as a status carries it; what the watch paths say stands with them. */
export function toHealthFields(
  facts: HealthFacts,
  earlier?: Health,
): Required<Pick<WatcherStatus, 'health' | 'problems'>> {
  const health = dateHealth(judgeHealth(facts), earlier, facts.now);
  const said = health.problems.filter(({ code }) => !SAID_ELSEWHERE.has(code));
  return { health, problems: said.map(({ message }) => message) };
}

const SAID_ELSEWHERE: ReadonlySet<HealthCode> = new Set([
  'not-running',
  'not-watched',
  'watch-degraded',
  'writers-unseen',
]);

async function readStatus(deps: DatabaseApiDeps, earlier: Health | undefined): Promise<WatcherStatus> {
  const [beats, queue, actions, held, late] = await Promise.all([
    deps.heartbeats.list(),
    readQueue(deps.queue),
    deps.actions.counts(),
    deps.batches.countHeld(),
    deps.batches.countLate(),
  ]);
  const alive = beats.filter(({ ageMs, role }) => ageMs <= HEARTBEAT_LIMIT_MS && role !== 'worker');
  const first = alive[0];
  const roots = alive.flatMap((beat) => beat.roots);
  const isActive = first !== undefined;
  const batches = { ...held, late };
  const facts = { now: Date.now(), mode: deps.mode, isActive, database: null, queue, beats, roots, actions, batches };
  return {
    active: isActive,
    pid: first?.pid ?? null,
    since: first?.startedAt ?? null,
    mode: deps.mode,
    portal: { url: first?.portalUrl ?? null },
    roots,
    queue: queue.counts,
    actions,
    ...toHealthFields(facts, earlier),
  };
}
