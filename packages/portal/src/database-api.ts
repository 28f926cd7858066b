import type { Health, SenditApi, StageCounts, WatcherStatus } from '@sendit/api';
import { type HealthCode, NO_LIMITS, type QueueCounts, SenditError, toMessage } from '@sendit/model';
import type { DatabaseApiDeps } from './database-api-deps.ts';
import { createPeopleApi } from './people/people-api.ts';
import { acceptMount } from './accept-mount.ts';
import { decide } from './decide.ts';
import { dateHealth, HEARTBEAT_LIMIT_MS, type HealthFacts, judgeHealth } from './judge-health.ts';
import { countPending, toPending, toPendingPage } from './pending.ts';
import { toHealthAndCounts } from './without-names.ts';
import { createWorkReader, toJudged, toMidnight, toWorkFields, type WorkFacts } from './work-facts.ts';
import { toWorkerPage } from './workers.ts';

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
    ...createPeopleApi(deps.people),
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
    pruneBatches: (query) => batches.prune(query),
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
