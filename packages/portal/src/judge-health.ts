import type { Health, HealthProblem, QueuePause } from '@sendit/api';
import type {
  ActionCounts,
  FailingChannel,
  FindingSeverity,
  HealthCode,
  Heartbeat,
  HeldCounts,
  Mode,
  QueueCounts,
  RootStatus,
} from '@sendit/model';
import { judgeLimits, type LimitFacts } from './limits.ts';

/** A sign of life with its age by the database's clock. */
export type AgedBeat = Heartbeat & { readonly ageMs: number };

/** Why jobs cannot be had or given. */
export interface QueueProblem {
  readonly code: 'queue-unavailable' | 'queue-refuses';
  readonly message: string;
}

/** Input of {@link judgeHealth}. Facts that are unknown while the database is away are null. */
export interface HealthFacts extends Omit<LimitFacts, 'roots'> {
  readonly mode: Mode;
  /** A watcher answers, or its sign of life is young. */
  readonly isActive: boolean;
  /** Why the database does not answer, or null. */
  readonly database: string | null;
  readonly queue: { readonly counts: QueueCounts | null; readonly problem: QueueProblem | null };
  /** Of watchers and workers; those of processes that ended well are gone. */
  readonly beats: readonly AgedBeat[] | null;
  /** Of the watchers that live. */
  readonly roots: readonly RootStatus[];
  readonly actions: ActionCounts | null;
  /** Batches that wait for a person. */
  readonly batches: (HeldCounts & { readonly late: number }) | null;
  readonly paused: QueuePause | null;
  /** Alert channels that take no alerts. */
  readonly failing: readonly FailingChannel[];
}

/** A sign of life older than this means that its process is gone. */
export const HEARTBEAT_LIMIT_MS = 10_000;
/** How long a dead worker is reported; a dead watcher is reported until its paths are watched again. */
const WORKER_TOLD_MS = 3_600_000;

const ORDER: readonly FindingSeverity[] = ['error', 'warning', 'info'];

/** Judges an installation. Pure: the same facts, the same problems, worst first. */
export function judgeHealth(facts: HealthFacts): Health {
  const problems = RULES.flatMap((rule) => rule(facts)).toSorted(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity),
  );
  return { level: problems[0]?.severity ?? 'well', problems };
}

/** Dates what stands since an earlier judgement; what is new and has no date is of now. */
export function dateHealth(health: Health, earlier: Health | undefined, now: number): Health {
  const problems = health.problems.map((problem) => {
    const same = earlier?.problems.find(({ code, subject }) => code === problem.code && subject === problem.subject);
    return { ...problem, since: problem.since ?? same?.since ?? new Date(now).toISOString() };
  });
  return { ...health, problems };
}

type Rule = (facts: HealthFacts) => readonly HealthProblem[];

const RULES: readonly Rule[] = [
  ({ isActive }) =>
    isActive ? [] : [say('error', 'not-running', 'watcher', 'No watcher runs: start it with `sendit watcher start`.')],
  ({ database }) => (database === null ? [] : [say('error', 'database-unavailable', 'database', database)]),
  ({ queue: { problem } }) => (problem === null ? [] : [say('error', problem.code, 'queue', problem.message)]),
  judgeWorkers,
  judgeBeats,
  ({ roots }) =>
    roots.flatMap(({ name, notes, problem, problems }) => [
      ...(problem === null ? [] : [say('error', 'not-watched', name, problem)]),
      ...problems.map((message) => say('warning', 'watch-degraded', name, message)),
      ...(notes ?? []).map((message) => say('info', 'writers-unseen', name, message)),
    ]),
  ({ roots }) =>
    roots.flatMap(({ held, name, quarantined }) => [
      ...one('directories-held', name, { count: held, toMessage: (count) => toHeldDirectories(count, name) }),
      ...one('directories-quarantined', name, {
        count: quarantined,
        toMessage: (count) => toQuarantinedDirectories(count, name),
      }),
    ]),
  ({ batches }) => [
    ...one('batches-failed', 'batches', { count: batches?.failed ?? 0, toMessage: toFailedBatches }),
    ...one('batches-held', 'batches', { count: batches?.held ?? 0, toMessage: toHeldBatches }),
    ...one('batches-quarantined', 'batches', { count: batches?.quarantined ?? 0, toMessage: toQuarantinedBatches }),
    ...one('files-missing', 'batches', { count: batches?.missing ?? 0, toMessage: toMissing }),
    ...one('files-unreadable', 'batches', { count: batches?.unreadable ?? 0, toMessage: toUnreadable }),
    ...one('late-files', 'batches', { count: batches?.late ?? 0, toMessage: toLate }),
  ],
  ({ actions }) => one('actions-failed', 'actions', { count: actions?.failed ?? 0, toMessage: toFailed }),
  ({ paused }) =>
    paused === null
      ? []
      : [
          {
            ...say(
              'warning',
              'queue-paused',
              'queue',
              `${paused.by} has paused the import queue (${paused.reason}): \`sendit queue resume\` lets it go on.`,
            ),
            since: paused.at,
          },
        ],
  judgeLimits,
  ({ failing }) =>
    failing.map(({ name, reason, since }) => ({
      ...say(
        'warning',
        'alert-failed',
        name,
        `The alert channel ${name} takes no alerts: ${reason}. \`sendit alert test ${name}\` tries it.`,
      ),
      since,
    })),
];

/** In the embedded size the watcher imports itself. */
function judgeWorkers({ beats, mode, queue: { counts } }: HealthFacts): readonly HealthProblem[] {
  if (mode === 'embedded' || beats === null || counts === null || counts.waiting === 0 || counts.active > 0) return [];
  if (beats.some((beat) => isWorker(beat) && isAlive(beat))) return [];
  const jobs = counts.waiting === 1 ? '1 job waits' : `${counts.waiting} jobs wait`;
  const message = `${jobs} in the queue and no worker runs: start one with \`sendit worker start\`.`;
  return [say('error', 'no-worker', 'queue', message)];
}

/** Processes that left without a word. Another one may have taken over what a watcher watched. */
function judgeBeats({ beats, isActive, now, roots }: HealthFacts): readonly HealthProblem[] {
  if (beats === null) return [];
  const [alive, dead] = [beats.filter(isAlive), beats.filter((beat) => !isAlive(beat))];
  const watched = new Set([...roots, ...alive.flatMap((beat) => beat.roots)].map(({ name }) => name));
  const gone = new Map<string, AgedBeat>();
  for (const beat of dead) {
    for (const { name } of beat.roots) {
      const known = gone.get(name);
      if (!watched.has(name) && (known === undefined || beat.ageMs < known.ageMs)) gone.set(name, beat);
    }
  }
  const watchers = Array.from(gone, ([name, { ageMs, host }]) => ({
    ...say(
      'error',
      'watcher-gone',
      name,
      `The watcher of ${name} on ${host} died and nobody watches it: start it there.`,
    ),
    since: toTime(now - ageMs),
  }));
  const workers = dead
    .filter((beat) => isWorker(beat) && beat.ageMs <= WORKER_TOLD_MS)
    .filter(({ ageMs }) => !alive.some((beat) => isWorker(beat) && Date.parse(beat.startedAt) >= now - ageMs))
    .map(({ ageMs, host, pid }) => ({
      ...say(
        'warning',
        'worker-gone',
        `${host} ${pid}`,
        `The worker ${pid} on ${host} died: start another one with \`sendit worker start\`.`,
      ),
      since: toTime(now - ageMs),
    }));
  return [...(isActive ? watchers : []), ...workers];
}

function isAlive({ ageMs }: AgedBeat): boolean {
  return ageMs <= HEARTBEAT_LIMIT_MS;
}

function isWorker({ role }: AgedBeat): boolean {
  return role === 'worker';
}

function toHeldDirectories(held: number, root: string): string {
  const [subject, them] = held === 1 ? ['1 directory is', 'it'] : [`${held} directories are`, 'them'];
  return `${subject} held in ${root}: \`sendit watcher pending\` says why, \`sendit batch release\` seals ${them} as ${held === 1 ? 'it is' : 'they are'}.`;
}

function toQuarantinedDirectories(quarantined: number, root: string): string {
  const [subject, them] = quarantined === 1 ? ['1 directory is', 'it'] : [`${quarantined} directories are`, 'them'];
  return `${subject} quarantined in ${root}: \`sendit watcher pending\` says why. Release ${them}, or take ${them} away.`;
}

function toFailedBatches(failed: number): string {
  return `${toNumber(failed)} ended in ERROR: \`sendit batch list --status ERROR\` says which. ${SEE}`;
}

function toHeldBatches(held: number): string {
  return `${toHeld(held)} held until a person releases ${held === 1 ? 'it' : 'them'}: ${WHICH}. ${SEE}`;
}

function toQuarantinedBatches(quarantined: number): string {
  return `${toNumber(quarantined)} ${quarantined === 1 ? 'is' : 'are'} quarantined: \`sendit batch list --status QUARANTINED\` says which. ${SEE}`;
}

/** Remedy that applies to each of them. */
const SEE = 'Mend it and `sendit batch retry`, or `sendit batch acknowledge` what is seen.';

function toNumber(batches: number): string {
  return batches === 1 ? '1 batch' : `${batches} batches`;
}

function toMissing(held: number): string {
  return `${toHeld(held)} held, since sealed files vanished before the import: ${WHICH}. Put them back, or import what is left with \`sendit batch retry\`.`;
}

function toUnreadable(held: number): string {
  return `${toHeld(held)} held, since sealed files cannot be read: ${WHICH}. Mend permissions, disk or mount, or import the rest with \`sendit batch accept\`.`;
}

function toHeld(held: number): string {
  return held === 1 ? '1 batch is' : `${held} batches are`;
}

const WHICH = '`sendit batch list --status HELD` says which';

function toLate(late: number): string {
  const [subject, them] = late === 1 ? ['1 batch', 'it'] : [`${late} batches`, 'them'];
  return `${subject} changed after the seal, and that is not imported: \`sendit batch list --late\` names ${them}, \`sendit batch amend\` imports what came late; \`late: amend\` does so by itself.`;
}

function toFailed(failed: number): string {
  const [subject, them, run] =
    failed === 1 ? ['1 hand-on action has', 'it', 'it runs'] : [`${failed} hand-on actions have`, 'them', 'they run'];
  return `${subject} failed: \`sendit batch actions --state failed\` names ${them}, with \`--retry\` ${run} again.`;
}

function one(
  code: HealthCode,
  subject: string,
  { count, toMessage }: { readonly count: number; readonly toMessage: (count: number) => string },
): readonly HealthProblem[] {
  return count === 0 ? [] : [{ ...say('warning', code, subject, toMessage(count)), count }];
}

function say(severity: FindingSeverity, code: HealthCode, subject: string, message: string): HealthProblem {
  return { code, severity, since: null, subject, message };
}

function toTime(ms: number): string {
  return new Date(ms).toISOString();
}
