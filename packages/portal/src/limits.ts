import type { HealthProblem } from '@sendit/api';
import type { DiskSpace, HealthCode, HealthLimits, RootStatus } from '@sendit/model';
import { toSpan } from './span-words.ts';

/** What {@link judgeLimits} holds against the limits. */
export interface LimitFacts {
  readonly now: number;
  readonly limits: HealthLimits;
  readonly roots: readonly RootStatus[];
  /** Of the embedded database. */
  readonly databaseDisk: DiskSpace | null;
  /** Seal of the oldest batch that is not imported. */
  readonly oldestAt: string | null;
  /** When something last came, by watch path; absent where nothing is known of one. */
  readonly lastAt: ReadonlyMap<string, string>;
}

/** Problems by the limits that a person has set: what is slow, full or silent. */
export function judgeLimits(facts: LimitFacts): readonly HealthProblem[] {
  const { databaseDisk, limits, roots } = facts;
  return [
    ...roots.flatMap((root) => [
      ...judgeStuck(root, facts),
      ...judgeDisk(root.disk ?? null, `the disk of ${root.name}`, { limits, subject: root.name }),
      ...judgeSilence(root, facts),
    ]),
    ...judgeDisk(databaseDisk, 'the disk of the database', { limits, subject: 'database' }),
    ...judgeQueue(facts),
  ];
}

function judgeStuck({ name, oldest }: RootStatus, { limits, now }: LimitFacts): readonly HealthProblem[] {
  if (limits.stuckMs === false || oldest === null || oldest === undefined) return [];
  const waitedMs = now - Date.parse(oldest.since);
  if (waitedMs < limits.stuckMs) return [];
  const message = `In ${name} something has waited for ${toSpan(waitedMs)}: \`sendit watcher pending\` says what, and why.`;
  return [warn('directories-stuck', name, message)];
}

function judgeDisk(
  disk: DiskSpace | null,
  of: string,
  { limits: { diskBelow }, subject }: { readonly limits: HealthLimits; readonly subject: string },
): readonly HealthProblem[] {
  if (disk === null || diskBelow === false) return [];
  const least = 'bytes' in diskBelow ? diskBelow.bytes : (disk.totalBytes * diskBelow.percent) / 100;
  if (disk.freeBytes >= least) return [];
  const end = disk.fullAt === null ? '' : `, and is full at ${disk.fullAt} if it goes on so`;
  const message = `${of[0]?.toUpperCase()}${of.slice(1)} has ${toSize(disk.freeBytes)} left of ${toSize(disk.totalBytes)}${end}: free space there.`;
  return [warn('disk-low', subject, message)];
}

function judgeSilence(
  { name, oldest, problem }: RootStatus,
  { lastAt, limits, now }: LimitFacts,
): readonly HealthProblem[] {
  const last = lastAt.get(name);
  // One that is not watched says so itself.
  if (limits.noArrivalMs === false || last === undefined || problem !== null) return [];
  const heard = [last, ...(oldest ? [oldest.since] : [])].map((time) => Date.parse(time));
  const silentMs = now - Math.max(...heard);
  if (silentMs < limits.noArrivalMs) return [];
  return [warn('no-arrivals', name, `Nothing has come to ${name} for ${toSpan(silentMs)}: look at what sends there.`)];
}

function judgeQueue({ limits, now, oldestAt }: LimitFacts): readonly HealthProblem[] {
  if (limits.queueMs === false || oldestAt === null) return [];
  const waitedMs = now - Date.parse(oldestAt);
  if (waitedMs < limits.queueMs) return [];
  const message = `The oldest batch in the queue was sealed ${toSpan(waitedMs)} ago: more workers, or a larger \`worker.concurrency\`, help where they are busy.`;
  return [warn('queue-slow', 'queue', message)];
}

function warn(code: HealthCode, subject: string, message: string): HealthProblem {
  return { code, severity: 'warning', since: null, subject, message };
}

/** `1.4 GB`. */
function toSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}
