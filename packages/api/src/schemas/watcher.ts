import { type ActionCounts, DIRECTORY_DECISIONS, HEALTH_CODES, type QueueCounts, type RootStatus } from '@sendit/model';
import { z } from 'zod';
import { limit, oneOf, rootName } from '../fields.ts';
import type { Frozen } from '../frozen.ts';
import { pageOf, paging } from '../page.ts';
import { diskSpace, queuePause, rootArrivals } from './work.ts';

const isoTime = z.iso.datetime();
const count = z.int().min(0);

const rootStatus = z
  .object({
    name: z.string(),
    path: z.string(),
    backend: z.string().describe('`inotify`, `chokidar`, …; `none` when it cannot be watched.'),
    backendReason: z.string().nullable().describe('Why this backend: `Linux, ext4`; null when it cannot be watched.'),
    pending: count.describe('Directories seen and not yet sealed.'),
    held: count.describe('Of these, how many are held, by the deadline or by a person.'),
    quarantined: count.describe('Of these, how many are quarantined, by the deadline or by a person.'),
    skippedTests: count.describe('Test directories skipped since start.'),
    ignored: count.describe('Names that are ignored (`ignore`), seen since start.'),
    lateChanges: count.describe('Contents seen after their directory was sealed, since start.'),
    overflows: count.describe('Kernel queue overflows since start; each was followed by a rescan.'),
    foundByRescan: count.describe('What a rescan found since start and no event told of.'),
    oldest: z
      .object({ since: isoTime, reason: z.string() })
      .nullable()
      .optional()
      .describe('What has waited longest of what is not sealed, held or quarantined; null for nothing.'),
    disk: diskSpace.nullable().optional().describe('Of the folder; null where it cannot be told.'),
    problem: z.string().nullable().describe('Why it is not watched now, or null.'),
    notes: z
      .array(z.string())
      .readonly()
      .optional()
      .describe('What is no fault and should be known. Absent from a watcher of an earlier version.'),
    problems: z
      .array(z.string())
      .readonly()
      .describe('What the watch lacks now, and what to do about it: a limit with the sysctl to raise, a permission.'),
  })
  .meta({ id: 'RootStatus', description: 'State of one watch path.' }) satisfies z.ZodType<RootStatus>;

const queueCounts = z
  .object({ waiting: count, active: count, failed: count })
  .meta({ id: 'QueueCounts', description: 'Job counts of the import queue.' }) satisfies z.ZodType<QueueCounts>;

const actionCounts = z
  .object({ pending: count, running: count, failed: count })
  .meta({ id: 'ActionCounts', description: 'Actions that are not done.' }) satisfies z.ZodType<ActionCounts>;

const healthProblem = z
  .object({
    code: z.enum(HEALTH_CODES),
    severity: z.enum(['info', 'warning', 'error']),
    since: isoTime.nullable().describe('Since when it is known; null when nobody noted it.'),
    subject: z
      .string()
      .describe('What it is about: `database`, `queue`, `batches`, `actions`, a host, the name of a watch path.'),
    count: count.optional().describe('How many it is about; absent for one.'),
    message: z.string().describe('What is wrong and what to do, in one or more sentences.'),
  })
  .meta({ id: 'HealthProblem', description: 'One thing that somebody should know of.' });

/** One thing that somebody should know of. */
export type HealthProblem = Frozen<z.infer<typeof healthProblem>>;

export const health = z
  .object({
    level: z.enum(['well', 'info', 'warning', 'error']).describe('The worst severity that stands.'),
    problems: z.array(healthProblem).describe('All that stands, worst first.'),
  })
  .meta({ id: 'Health', description: 'The judgement of a whole installation.' });

/** The judgement of a whole installation: the worst severity that stands, and all that stands, worst first. */
export type Health = Frozen<z.infer<typeof health>>;

export const watcherStatus = z
  .object({
    active: z.boolean().describe('By heartbeat (and, on the same host, by the pid file).'),
    pid: z.int().nullable(),
    since: isoTime.nullable().describe('Time of the start, or null when inactive.'),
    mode: z.enum(['embedded', 'postgres', 'postgres+redis']),
    portal: z.object({
      url: z.string().nullable(),
      token: z.string().optional().describe('Opens the page, and the API to scripts; told over the unix socket alone.'),
    }),
    roots: z.array(rootStatus),
    queue: queueCounts.nullable().describe('Null when the queue cannot be reached.'),
    actions: actionCounts
      .nullable()
      .describe('Hand-on actions that are not done; null when the database cannot be asked.'),
    problems: z
      .array(z.string())
      .describe('What an operator should know beside what the watch paths say, in words: the messages of `health`.'),
    host: z.string().nullable().optional().describe('Of the watcher; null when inactive.'),
    version: z.string().nullable().optional().describe('Of the watcher; null when inactive.'),
    databaseDisk: diskSpace.nullable().optional().describe('Of the embedded database; null where there is none.'),
    backlog: z
      .object({
        oldestAt: isoTime.nullable().describe('Seal of the oldest batch that is not imported; null for none.'),
        paused: queuePause.nullable().describe('Null while imports run.'),
      })
      .nullable()
      .optional()
      .describe('What waits for its import; null when the database cannot be asked.'),
    arrivals: z.array(rootArrivals).optional().describe('Seals of the last hour, by watch path; empty when unknown.'),
    workers: z
      .object({ alive: count, dead: count })
      .nullable()
      .optional()
      .describe('Import workers by their signs of life; those that died count for an hour. Null when unknown.'),
    today: z
      .object({ done: count, failed: count })
      .nullable()
      .optional()
      .describe('Imports that ended since midnight, by the clock of the server. Null when unknown.'),
    health: health.optional().describe('Absent in the answer of an older watcher.'),
  })
  .meta({ id: 'WatcherStatus', description: '`sendit watcher status --json`.' });

/** `sendit watcher status --json`. */
export type WatcherStatus = Frozen<z.infer<typeof watcherStatus>>;

/** Where what is not sealed is on its way, as a board shows it. */
const PENDING_STAGES = ['arriving', 'settling', 'held', 'quarantined', 'skipped'] as const;

/** One word of {@link PENDING_STAGES}. */
export type PendingStage = (typeof PENDING_STAGES)[number];

const pendingDirectory = z
  .object({
    root: z.string().describe('Name of the watch path.'),
    path: z.string(),
    name: z.string(),
    arrival: z
      .enum(['renamed', 'created', 'found'])
      .describe('How it came under its name; `found` by a scan, so that nobody knows.'),
    renamedFiles: count.optional().describe('Of one that was renamed, how many files were in it then.'),
    outcome: z
      .enum(['waiting', 'hold', 'quarantine', 'skipped'])
      .describe(
        '`hold` and `quarantine`: it has waited too long, or a person said so. `skipped`: it is never taken as it is, and nobody waits for it.',
      ),
    reason: z.string().describe('What it waits for, or who keeps it back and why.'),
    since: isoTime.nullable().describe('Since when it is held or quarantined; null while it waits.'),
    decision: z.enum(DIRECTORY_DECISIONS).nullable().describe('What a person decided about it; null for nothing.'),
    identity: z
      .string()
      .nullable()
      .describe('Tells it from a later directory of the same name; null where nobody looked.'),
    waitingMs: z.number().nullable().describe('Since it was first seen; null while no watcher runs.'),
    unchangedMs: z.number().nullable().describe('Since it was last seen to change; null before the first look.'),
    snapshotDigest: z.string().nullable().describe('Digest of what the last look saw; null before it.'),
    quietMs: z.number().nullable().describe('Quiet time of its watch path; null where only the database was asked.'),
    writing: z
      .object({ files: z.number().int(), example: z.string() })
      .nullable()
      .optional()
      .describe(
        'Files in it that were written and not closed since, as a running watcher that cannot see all processes heard; null or absent where it heard of none.',
      ),
  })
  .meta({ id: 'PendingDirectory', description: 'A directory that is seen and not yet sealed.' });

/** A directory that is seen and not yet sealed: one line of `sendit watcher pending --json`. */
export type PendingDirectory = Frozen<z.infer<typeof pendingDirectory>>;

const pendingUnit = pendingDirectory
  .extend({
    stage: z
      .enum(PENDING_STAGES)
      .describe(
        '`arriving`: its name says that it is not finished, or nobody looked yet. `settling`: it waits for a rule.',
      ),
  })
  .meta({ id: 'PendingUnit', description: 'Something that is seen and not yet sealed, with its stage.' });

/** Something that is seen and not yet sealed, with its stage. */
export type PendingUnit = Frozen<z.infer<typeof pendingUnit>>;

export const pendingQuery = z.strictObject({
  root: rootName.optional(),
  stage: oneOf(PENDING_STAGES).optional(),
  ...paging,
  limit: limit.optional().describe('At most this many; all by default.'),
});

/** Which of what is not sealed to list, longest first. */
export type PendingQuery = Frozen<z.infer<typeof pendingQuery>>;

export const pendingPage = pageOf(pendingUnit, 'PendingPage');

const worker = z
  .object({
    role: z.enum(['watcher', 'worker']),
    host: z.string(),
    pid: z.int(),
    alive: z.boolean().describe('Its last sign of life is young.'),
    ageMs: z.number().describe('Since its last sign of life.'),
    startedAt: isoTime,
    mode: z.enum(['embedded', 'postgres', 'postgres+redis']),
    roots: z.array(z.string()).describe('Names of its watch paths.'),
  })
  .meta({ id: 'Worker', description: 'A process of the installation: a watcher or an import worker.' });

/** A process of the installation: a watcher or an import worker. */
export type Worker = Frozen<z.infer<typeof worker>>;

export const workerPage = pageOf(worker, 'WorkerPage');
