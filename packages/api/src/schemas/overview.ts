import { z } from 'zod';
import { oneOf, rootName, time, whole } from '../fields.ts';
import { type Of, pageOf } from '../page.ts';
import { health, watcherStatus } from './watcher.ts';

const isoTime = z.iso.datetime();
const count = z.int().min(0);

export const stageCounts = z
  .object({
    arriving: count,
    settling: count,
    held: count.describe('Not sealed, and batches.'),
    quarantined: count.describe('Not sealed, and batches.'),
    sealed: count,
    queued: count,
    importing: count,
    failed: count.describe('Batches that ended in ERROR, or of which an action failed.'),
    handingOn: count,
    late: count,
    doneToday: count.describe('Imports that ended since midnight, by the clock of the server.'),
    failedToday: count,
    needsAttention: count.describe('Batches that a person should look at, and that nobody has acknowledged.'),
  })
  .meta({ id: 'StageCounts', description: 'How many units are in each stage; no names.' });

/** How many units are in each stage; no names. */
export type StageCounts = Of<typeof stageCounts>;

export const publicHealth = z
  .object({
    active: z.boolean(),
    since: isoTime.nullable(),
    mode: watcherStatus.shape.mode,
    queue: watcherStatus.shape.queue,
    actions: watcherStatus.shape.actions,
    health,
    stages: stageCounts.nullable().describe('Null when the database cannot be asked.'),
  })
  .meta({ id: 'PublicHealth', description: 'Health and counts; no names.' });

/** Health and counts; no names. */
export type PublicHealth = Of<typeof publicHealth>;

const histogram = z
  .object({
    buckets: z.array(z.object({ le: z.number(), count })).describe('How many took so many seconds at most.'),
    count,
    sum: z.number().describe('Seconds of all together.'),
  })
  .meta({ id: 'Histogram' });

export const totals = z
  .object({
    sealed: count.describe('Batches, whatever became of them.'),
    ended: z.record(z.enum(['DONE', 'EMPTY', 'ERROR', 'QUARANTINED']), count),
    instances: count,
    bytes: count,
    findings: z.record(z.string(), count).describe('By code.'),
    unsent: count.describe('Messages that the queue has not got.'),
    oldestUnsentS: z.number().describe('Age of the oldest of them; 0 for none.'),
    importS: histogram.describe('Imports, from begin to end.'),
    sealedToImportedS: histogram.describe('Imports, from the seal to the end.'),
  })
  .meta({ id: 'Totals', description: 'Counters since the database was made; no names.' });

/** Counters since the database was made; no names. */
export type Totals = Of<typeof totals>;

const durations = z
  .object({ p50: z.number(), p95: z.number(), p99: z.number() })
  .meta({ id: 'Durations', description: 'Milliseconds.' });

const throughputRow = z
  .object({
    at: isoTime.describe('Begin of the span, in UTC.'),
    batches: count,
    failed: count.describe('Of these, ended in ERROR or QUARANTINED.'),
    studies: count,
    series: count,
    instances: count,
    files: count,
    bytes: count,
    sealedToImportedMs: durations.nullable().describe('From the seal to the end of the import; null for no batch.'),
    importMs: durations.nullable().describe('Of the import alone.'),
  })
  .meta({ id: 'ThroughputRow', description: 'What was imported in one span.' });

/** Imports in one span of time. */
export type ThroughputRow = Of<typeof throughputRow>;

export const throughputQuery = z.strictObject({
  by: oneOf(['hour', 'day', 'week']).optional().describe('`hour` by default.'),
  since: time.optional().describe('48 hours, 30 days or 26 weeks ago by default.'),
  until: time.optional(),
  root: rootName.optional(),
  limit: whole(1, 1000).optional(),
});

/** Which spans of throughput. */
export type ThroughputQuery = Of<typeof throughputQuery>;

export const throughputPage = pageOf(throughputRow, 'ThroughputPage');

export const explanation = z
  .object({
    path: z.string(),
    finished: z.boolean(),
    outcome: z.string().describe('What the rules come to, or that it is sealed.'),
    grade: z.string().nullable(),
    reason: z.string(),
    toFinish: z.array(z.string()).describe('What would finish it, the likeliest first.'),
    recheckAt: isoTime
      .nullable()
      .describe('Unchanged until then it is finished; null when nothing but a change or a person can help.'),
    unit: z.string().optional().describe('Key of the unit, where it is not a directory.'),
    watcher: z.enum(['running', 'not running']),
    waitingMs: z.number().nullable(),
    unchangedMs: z.number().nullable(),
    files: count,
    bytes: count,
    since: isoTime.nullable().describe('Since when it is held or quarantined.'),
    batch: z
      .looseObject({ id: z.string(), status: z.string() })
      .nullable()
      .describe('What it became, where it is sealed.'),
    notes: z.array(z.string()),
    doubts: z.array(z.unknown()).optional().describe('What makes one wonder, though it is finished.'),
    findings: z
      .array(
        z.looseObject({
          rule: z.string(),
          kind: z.string(),
          answer: z.string().describe('What the rule says.'),
          reason: z.string(),
        }),
      )
      .describe('What each rule says, with its evidence.'),
  })
  .meta({ id: 'Explanation', description: '`sendit explain --json`.' });

/** `sendit explain --json`. */
export type Explanation = Of<typeof explanation>;
