import type { QueuePause, WatcherStatus, WorkView } from '@sendit/api';
import type { DiskSpace, FailingChannel, HealthLimits, RootStatus } from '@sendit/model';
import type { AgedBeat } from './judge-health.ts';
import { HEARTBEAT_LIMIT_MS } from './judge-health.ts';

/** What stands in the database beside counts; null where it could not be asked. */
export interface WorkFacts {
  readonly work: WorkView;
  readonly today: { readonly done: number; readonly failed: number };
  readonly paused: QueuePause | null;
  readonly failing: readonly FailingChannel[];
}

/** Ports of {@link createWorkReader}. */
export interface WorkDeps {
  readonly work: () => Promise<WorkView>;
  readonly countStages: (midnight: Date) => Promise<{ readonly doneToday: number; readonly failedToday: number }>;
  readonly readPause: () => Promise<QueuePause | null>;
  /** Channels of the configuration that take no alerts. */
  readonly readFailing: () => Promise<readonly FailingChannel[]>;
}

/** What is slow to count is counted this often at most. */
const COUNT_MS = 10_000;

/** Reads the facts of the database; the figures are a few seconds old at most, however many ask. */
export function createWorkReader(deps: WorkDeps): () => Promise<WorkFacts> {
  let counted: { readonly at: number; readonly facts: Promise<Pick<WorkFacts, 'work' | 'today'>> } | undefined;
  const count = async (): Promise<Pick<WorkFacts, 'work' | 'today'>> => {
    const [work, stages] = await Promise.all([deps.work(), deps.countStages(toMidnight(new Date()))]);
    return { work, today: { done: stages.doneToday, failed: stages.failedToday } };
  };
  return async () => {
    const now = performance.now();
    if (counted === undefined || now - counted.at >= COUNT_MS) {
      const facts = count();
      counted = { at: now, facts };
      facts.catch(() => {
        counted = undefined;
      });
    }
    const [figures, paused, failing] = await Promise.all([counted.facts, deps.readPause(), deps.readFailing()]);
    return { ...figures, paused, failing };
  };
}

/** By the clock of the server: an operator's day. */
export function toMidnight(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

/** What {@link toWorkFields} tells. */
export interface ToldWork {
  readonly facts: WorkFacts | null;
  readonly beats: readonly AgedBeat[] | null;
  readonly databaseDisk: DiskSpace | null;
}

/** How long a dead worker counts. */
const DEAD_MS = 3_600_000;

/** The facts as a status carries them. */
export function toWorkFields({
  beats,
  databaseDisk,
  facts,
}: ToldWork): Pick<WatcherStatus, 'databaseDisk' | 'backlog' | 'arrivals' | 'workers' | 'today'> {
  const workers = beats?.filter(({ role }) => role === 'worker');
  const count = (which: (beat: AgedBeat) => boolean): number => workers?.filter(which).length ?? 0;
  return {
    databaseDisk,
    backlog: facts === null ? null : { oldestAt: facts.work.oldestAt, paused: facts.paused },
    arrivals: facts?.work.arrivals ?? [],
    workers:
      workers === undefined
        ? null
        : {
            alive: count(({ ageMs }) => ageMs <= HEARTBEAT_LIMIT_MS),
            dead: count(({ ageMs }) => ageMs > HEARTBEAT_LIMIT_MS && ageMs <= DEAD_MS),
          },
    today: facts?.today ?? null,
  };
}

/** The facts as the judgement takes them. */
export function toJudged(
  { databaseDisk, facts }: ToldWork,
  { limits, roots }: { readonly limits: HealthLimits; readonly roots: readonly RootStatus[] },
): {
  readonly limits: HealthLimits;
  readonly databaseDisk: DiskSpace | null;
  readonly oldestAt: string | null;
  readonly lastAt: ReadonlyMap<string, string>;
  readonly paused: QueuePause | null;
  readonly failing: readonly FailingChannel[];
} {
  const known = new Set(roots.map(({ name }) => name));
  const lastAt = new Map(
    (facts?.work.arrivals ?? []).flatMap(({ lastAt: at, root }) =>
      at !== null && known.has(root) ? [[root, at] as const] : [],
    ),
  );
  return {
    limits,
    databaseDisk,
    oldestAt: facts?.work.oldestAt ?? null,
    lastAt,
    paused: facts?.paused ?? null,
    failing: facts?.failing ?? [],
  };
}
