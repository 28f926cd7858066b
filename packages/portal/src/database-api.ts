import type {
  ActionQuery,
  ActionRetry,
  ActionSummary,
  AuditQuery,
  AuditRecord,
  BatchDetail,
  BatchQuery,
  BatchSummary,
  Configuration,
  DryRun,
  DryRunQuery,
  Explanation,
  FindingQuery,
  FindingRow,
  Health,
  ImageQuery,
  ImageRow,
  JobQuery,
  JobRow,
  Page,
  PauseRequest,
  PendingDirectory,
  QueuePause,
  RetryOutcome,
  RetryPage,
  RetryQuery,
  SenditApi,
  SeriesQuery,
  SeriesRow,
  StageCounts,
  StudyQuery,
  StudyRow,
  ThroughputQuery,
  ThroughputRow,
  Totals,
  WatcherStatus,
  WorkView,
} from '@sendit/api';
import {
  type ActionCounts,
  type DirectoryNote,
  type HealthCode,
  type HealthLimits,
  type HeldCounts,
  type Heartbeat,
  type Mode,
  NO_LIMITS,
  type QueueCounts,
  type Root,
  SenditError,
  toMessage,
} from '@sendit/model';
import { acceptMount, type MountAccepter } from './accept-mount.ts';
import { type DecideDeps, decide } from './decide.ts';
import { dateHealth, HEARTBEAT_LIMIT_MS, type HealthFacts, judgeHealth } from './judge-health.ts';
import { countPending, toPending, toPendingPage } from './pending.ts';
import { toHealthAndCounts } from './without-names.ts';
import { createWorkReader, toJudged, toMidnight, toWorkFields, type WorkDeps, type WorkFacts } from './work-facts.ts';
import { toWorkerPage } from './workers.ts';

/** Ports of {@link createDatabaseApi}; the database and the queue satisfy them. */
export interface DatabaseApiDeps extends Omit<DecideDeps, 'decisions'> {
  readonly batches: {
    list(query: BatchQuery): Promise<Page<BatchSummary>>;
    show(ref: string): Promise<BatchDetail | undefined>;
    countLate(): Promise<number>;
    countHeld(): Promise<HeldCounts>;
    retry(ref: string, by?: string): Promise<RetryOutcome>;
    retryMany(query: RetryQuery): Promise<RetryPage>;
  };
  readonly decisions: DecideDeps['decisions'] & { audit(query: AuditQuery): Promise<Page<AuditRecord>> };
  readonly directories: { list(): Promise<readonly { readonly root: Root; readonly note: DirectoryNote }[]> };
  readonly actions: {
    list(query: ActionQuery): Promise<Page<ActionSummary>>;
    counts(): Promise<ActionCounts>;
    retry(query: ActionRetry): Promise<number>;
  };
  readonly views: {
    countStages(midnight: Date): Promise<Omit<StageCounts, 'arriving' | 'settling'>>;
    totals(): Promise<Totals>;
    work(): Promise<WorkView>;
    dryRun(query: DryRunQuery): Promise<DryRun>;
    studies(query: StudyQuery): Promise<Page<StudyRow>>;
    series(query: SeriesQuery): Promise<Page<SeriesRow>>;
    images(query: ImageQuery): Promise<Page<ImageRow>>;
    findings(query: FindingQuery): Promise<Page<FindingRow>>;
    jobs(query: JobQuery): Promise<Page<JobRow>>;
    throughput(query: ThroughputQuery): Promise<Page<ThroughputRow>>;
  };
  readonly mounts: MountAccepter;
  readonly heartbeats: { list(): Promise<readonly (Heartbeat & { readonly ageMs: number })[]> };
  readonly queue: { counts(): Promise<QueueCounts>; probe?(): Promise<void> } | undefined;
  readonly mode: Mode;
  /** From when on something counts as a problem; never by default. */
  readonly limits?: HealthLimits | undefined;
  readonly queuePause: {
    read(): Promise<QueuePause | null>;
    pause(request: PauseRequest): Promise<QueuePause>;
    resume(request: PauseRequest): Promise<void>;
  };
  /** Which alert channels fail; none by default. */
  readonly readFailing?: WorkDeps['readFailing'] | undefined;
  /** The watcher's own status in its process; else the status from the database. */
  readonly status?: (() => Promise<WatcherStatus>) | undefined;
  /** The watcher's pending candidates in its process; else the database's notes. */
  readonly pending?: (() => readonly PendingDirectory[]) | undefined;
  /** The settings of this process; without it, they are asked for elsewhere. */
  readonly configuration?: (() => Configuration) | undefined;
  /** Judges what a reference names by its files; without it, nobody here sees them. */
  readonly explain?: ((ref: string) => Promise<Explanation>) | undefined;
}

/** Answers from the database, and from the watcher where this is its process; without it a watcher is active when its heartbeat is young enough. */
export function createDatabaseApi(deps: DatabaseApiDeps): SenditApi {
  const { actions, batches, decisions, directories, heartbeats, mounts, views } = deps;
  let health: Health | undefined;
  const readWork = createWorkReader({
    work: () => views.work(),
    countStages: (midnight) => views.countStages(midnight),
    readPause: () => deps.queuePause.read(),
    readFailing: deps.readFailing ?? (async () => []),
  });
  const pending =
    deps.pending ?? (async () => (await directories.list()).map(({ root, note }) => toPending(root, note)));
  const status = async (): Promise<WatcherStatus> => {
    const told = await readStatus(deps, { earlier: health, readWork });
    health = told.health;
    return told;
  };
  const tell = deps.status ?? status;
  const countStages = async (): Promise<StageCounts> => {
    const [counted, waiting] = await Promise.all([views.countStages(toMidnight(new Date())), pending()]);
    return countPending(counted, waiting);
  };
  return {
    status: tell,
    readHealth: async () => toHealthAndCounts(await tell(), await countStages().catch(() => null)),
    readTotals: () => views.totals(),
    readConfiguration: async () => (deps.configuration ?? configurationElsewhere)(),
    dryRun: (query) => views.dryRun(query),
    countStages,
    listPending: async (query) => toPendingPage(await pending(), query),
    listBatches: (query) => batches.list(query),
    showBatch: ({ ref }) => batches.show(ref),
    explain: ({ ref }) => (deps.explain ?? explainElsewhere)(ref),
    listStudies: (query) => views.studies(query),
    listSeries: (query) => views.series(query),
    listImages: (query) => views.images(query),
    listFindings: (query) => views.findings(query),
    listWorkers: async () => toWorkerPage(await heartbeats.list()),
    listJobs: (query) => views.jobs(query),
    readThroughput: (query) => views.throughput(query),
    listAudit: (query) => decisions.audit(query),
    listActions: (query) => actions.list(query),
    retryBatch: ({ id, by }) => batches.retry(`id:${id}`, by),
    retryBatches: (query) => batches.retryMany(query),
    retryActions: async (query) => ({ queued: await actions.retry(query) }),
    decide: (request) => decide(deps, request),
    pauseQueue: async (request) => ({ paused: await deps.queuePause.pause(request) }),
    resumeQueue: async (request) => {
      await deps.queuePause.resume(request);
      return { paused: null };
    },
    acceptMount: (request) => acceptMount(mounts, request),
  };
}

function configurationElsewhere(): never {
  throw new SenditError('Expected to be asked where the configuration is: a watcher or a portal process.', {
    code: 'refused',
    hint: 'Run `sendit config show` there.',
  });
}

function explainElsewhere(): Promise<never> {
  return Promise.reject(
    new SenditError('Expected to be asked on the host of the watcher: its files cannot be seen from here.', {
      code: 'refused',
      hint: 'Run `sendit explain` there.',
    }),
  );
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

async function readStatus(
  deps: DatabaseApiDeps,
  { earlier, readWork }: { readonly earlier: Health | undefined; readonly readWork: () => Promise<WorkFacts> },
): Promise<WatcherStatus> {
  const [beats, queue, actions, held, late, work] = await Promise.all([
    deps.heartbeats.list(),
    readQueue(deps.queue),
    deps.actions.counts(),
    deps.batches.countHeld(),
    deps.batches.countLate(),
    readWork(),
  ]);
  const alive = beats.filter(({ ageMs, role }) => ageMs <= HEARTBEAT_LIMIT_MS && role !== 'worker');
  const first = alive[0];
  const roots = alive.flatMap((beat) => beat.roots);
  const isActive = first !== undefined;
  const batches = { ...held, late };
  const told = { facts: work, beats, databaseDisk: first?.databaseDisk ?? null };
  const facts = {
    ...toJudged(told, { limits: deps.limits ?? NO_LIMITS, roots }),
    now: Date.now(),
    mode: deps.mode,
    isActive,
    database: null,
    queue,
    beats,
    roots,
    actions,
    batches,
  };
  return {
    active: isActive,
    pid: first?.pid ?? null,
    since: first?.startedAt ?? null,
    mode: deps.mode,
    portal: { url: first?.portalUrl ?? null },
    roots,
    queue: queue.counts,
    actions,
    host: first?.host ?? null,
    version: first?.version ?? null,
    ...toWorkFields(told),
    ...toHealthFields(facts, earlier),
  };
}
