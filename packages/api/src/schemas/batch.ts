import {
  ACTION_KINDS,
  ACTION_STATES,
  AUDITED,
  BATCH_STATUSES,
  COMPLETENESS_GRADES,
  DECISIONS,
  type FindingRecord,
  type RatedProgress,
  UNIT_KINDS,
} from '@sendit/model';
import { z } from 'zod';
import { findingCode } from './finding-code.ts';
import { batchId, by, limit, oneOf, onlyTrue, reason, ref, rootName, someOf, text, time, whole } from '../fields.ts';
import type { Frozen } from '../frozen.ts';
import { pageOf, paging } from '../page.ts';

const isoTime = z.iso.datetime();
const count = z.int().min(0);
const root = z.string().describe('Name of the watch path.');
const path = z.string().describe('Absolute path on the host that sealed it.');

const ratedProgress = z
  .object({
    filesDone: count,
    filesTotal: count,
    bytesDone: count.describe('Sizes of the files that were read.'),
    elapsedMs: z.number().describe('Since reading began.'),
    filesPerS: z.number().nullable(),
    etaMs: z.number().nullable().describe('Until the last file, at the rate so far.'),
  })
  .meta({ id: 'Progress', description: 'How far an import has come with reading.' }) satisfies z.ZodType<RatedProgress>;

/**
 * Where a batch is on its way, as a board shows it; `failed`: it ended in ERROR, or an action after it failed. `handing-on`: an action is
 * not done yet.
 */
export const BATCH_STAGES = [
  'sealed',
  'queued',
  'importing',
  'held',
  'quarantined',
  'failed',
  'handing-on',
  'late',
  'done',
] as const;

/** One word of {@link BATCH_STAGES}. */
export type BatchStage = (typeof BATCH_STAGES)[number];

const batchStage = z
  .enum(BATCH_STAGES)
  .describe('Where it is on its way; `failed`: it ended in ERROR, or an action after it failed.');

const batchSummary = z
  .object({
    id: z.string(),
    root,
    path,
    renamedTo: z
      .string()
      .nullable()
      .describe('Its path now, since the sealed directory was renamed within the watch path; null where it was not.'),
    name: z.string(),
    status: z.enum(BATCH_STATUSES),
    stage: batchStage,
    unit: z.enum(UNIT_KINDS),
    grade: z.enum(COMPLETENESS_GRADES),
    files: count,
    bytes: count,
    reason: z.string().nullable().describe('Why the batch ended in ERROR, HELD or QUARANTINED.'),
    generation: z
      .int()
      .min(1)
      .describe(
        '1 for the first arrival under this path, counted up when it disappears and comes again with other content.',
      ),
    studies: count,
    series: count,
    instances: count,
    findings: count,
    isLate: z.boolean().describe('It changed after the seal, and that is not imported: `sendit batch amend` does.'),
    createdAt: isoTime,
    finishedAt: isoTime.nullable(),
    progress: ratedProgress.nullable().describe('Reading, while PROCESSING; null before it began.'),
  })
  .meta({ id: 'BatchSummary', description: 'One line of `sendit batch list --json`.' });

/** One line of `sendit batch list --json`. Times are ISO 8601 UTC. */
export type BatchSummary = Frozen<z.infer<typeof batchSummary>>;

const seriesSummary = z
  .object({
    seriesInstanceUid: z.string(),
    modality: z.string().nullable(),
    seriesNumber: z.int().nullable(),
    instances: count,
    bytes: count.describe('Sizes of their files.'),
    received: count.describe('Images of the batch in the series; the same as `instances`.'),
    expected: count
      .nullable()
      .describe('Images by the instance numbers from the first to the last; null where they number nothing.'),
    numbers: z
      .array(z.tuple([z.int(), z.int()]))
      .describe('The instance numbers as runs from first to last; what lies between two runs is missing. At most 200.'),
  })
  .meta({ id: 'SeriesSummary', description: 'One series of a study.' });

/** One series of a study. */
export type SeriesSummary = Frozen<z.infer<typeof seriesSummary>>;

const studySummary = z
  .object({
    studyInstanceUid: z.string(),
    studyDate: z.string().nullable(),
    seriesList: z.array(seriesSummary),
  })
  .meta({ id: 'StudySummary', description: 'One study of a batch.' });

/** One study of a batch. */
export type StudySummary = Frozen<z.infer<typeof studySummary>>;

const findingRecord = z
  .object({
    code: findingCode,
    severity: z.enum(['info', 'warning', 'error']),
    path: z.string().nullable().describe('Below the directory; null: the batch as a whole.'),
    message: z.string(),
  })
  .meta({ id: 'Finding', description: 'What an import found.' }) satisfies z.ZodType<FindingRecord>;

export const auditRecord = z
  .object({
    id: z.string(),
    at: isoTime.describe("By the database's clock."),
    by: z.string(),
    decision: z.enum(AUDITED),
    from: z.enum([
      ...BATCH_STATUSES,
      'WAITING',
      'RELEASED',
      'FORGOTTEN',
      'OTHER-MOUNT',
      'ACCEPTED',
      'RUNNING',
      'PAUSED',
    ]),
    to: z.enum([...BATCH_STATUSES, 'WAITING', 'RELEASED', 'FORGOTTEN', 'OTHER-MOUNT', 'ACCEPTED', 'RUNNING', 'PAUSED']),
    reason: z.string(),
    batchId: z.string().nullable().describe('Null while the directory is not sealed.'),
    root,
    path: z.string().describe('Absolute path on the host that recorded the watch path last.'),
  })
  .meta({ id: 'AuditRecord', description: 'One decision of a person, kept for ever.' });

/** One decision of a person, kept for ever. */
export type AuditRecord = Frozen<z.infer<typeof auditRecord>>;

const actionSummary = z
  .object({
    id: z.string().describe('Stays the same through every attempt and retry: the idempotency key.'),
    batchId: z.string(),
    root,
    position: z.int().min(1).describe("Place in the order of the batch's actions."),
    name: z.string(),
    kind: z.enum(ACTION_KINDS),
    state: z.enum(ACTION_STATES),
    attempts: count,
    reason: z
      .string()
      .nullable()
      .describe(
        "Why the last attempt failed; free of header values and file names, unless the configuration keeps a command's output.",
      ),
    code: z.int().nullable().describe('Exit code of a command, status of an HTTP answer.'),
    progress: z
      .object({ done: z.number(), total: z.number().nullable() })
      .nullable()
      .describe('How far a step says it has come, in units of its own; null where it says nothing.'),
    startedAt: isoTime.nullable(),
    finishedAt: isoTime.nullable(),
  })
  .meta({ id: 'ActionSummary', description: 'One line of `sendit batch actions --json`.' });

/** One line of `sendit batch actions --json`. */
export type ActionSummary = Frozen<z.infer<typeof actionSummary>>;

const findingGroup = z
  .object({
    code: findingCode,
    severity: z.enum(['info', 'warning', 'error']),
    count,
    message: z.string().describe('That of the first.'),
    paths: z.array(z.string()).describe('Files that it names; at most 20.'),
  })
  .meta({ id: 'FindingGroup', description: 'The findings of one code, the worst first.' });

const generation = z
  .object({
    id: z.string(),
    generation: z.int().min(1),
    status: z.enum(BATCH_STATUSES),
    isDelta: z.boolean(),
    files: count,
    bytes: count,
    instances: count,
    createdAt: isoTime,
  })
  .meta({ id: 'Generation', description: 'One arrival under the path of a batch.' });

/** Stages of a batch, in order. */
const TIMELINE_STEPS = ['sealed', 'import-started', 'imported', 'handed-on'] as const;

const timelineEntry = z
  .object({
    step: z.enum(TIMELINE_STEPS),
    at: isoTime.nullable().describe('Null while it has not happened.'),
    afterMs: z.number().nullable().describe('Since the step before.'),
  })
  .meta({ id: 'TimelineEntry' });

const batchTimes = z
  .object({
    listingMs: z.number().describe('Looking at what lies in the directory.'),
    readingMs: z.number().describe('Headers, digests and checks.'),
    hashingMs: z.number().describe('Of reading: digests, summed over the threads that made them.'),
    elapsedMs: z.number().describe('From the begin of the import to the end of its commit.'),
    databaseMs: z.number().describe('The rest: keeping and committing rows.'),
    filesPerS: z.number().nullable(),
  })
  .meta({ id: 'BatchTimes', description: 'How long an import took.' });

/** How long an import took, in whole milliseconds. */
export type BatchTimes = Frozen<z.infer<typeof batchTimes>>;

export const batchDetail = batchSummary
  .extend({
    digest: z
      .string()
      .nullable()
      .describe('Of all hashed files together, in hex; null before the import and where nothing is hashed.'),
    digestAlgorithm: z.string().nullable().describe('How each file was hashed.'),
    attempts: count,
    lateChanges: count.describe('How many different contents its directory had after the seal.'),
    isDelta: z.boolean().describe('It is only what came late to the generations before.'),
    startedAt: isoTime.nullable(),
    times: batchTimes.nullable().describe('Of the import that ended; null before.'),
    modalities: z.array(z.string()).describe('Different ones in its series, sorted.'),
    studyDates: z.array(z.string()).describe('Different ones of its studies, sorted; as in the headers (`YYYYMMDD`).'),
    studyList: z.array(studySummary),
    duplicates: count.describe(
      'Of its instances those that another batch, or an earlier generation, had imported before: each counts once, there.',
    ),
    replaced: count.describe('Of its instances those of which a later generation of its directory has other bytes.'),
    quarantined: count.describe(
      'Files that were not recorded, because another batch has the instance with other bytes.',
    ),
    findingList: z.array(findingRecord),
    findingGroups: z.array(findingGroup),
    generations: z.array(generation).describe('All that arrived under its path, the newest first.'),
    timeline: z.array(timelineEntry),
    auditList: z.array(auditRecord).describe('What persons decided about it, also before it was sealed; oldest first.'),
    actionList: z.array(actionSummary).describe('What is done with it after its import, in order.'),
  })
  .meta({ id: 'BatchDetail', description: 'Everything about one batch: UIDs, modality, counts; no patient data.' });

/** `sendit batch show`: the summary, what is in it and what was found. Header values: UIDs, modality, counts; no patient data. */
export type BatchDetail = Frozen<z.infer<typeof batchDetail>>;

/** Sort keys of batches. */
const BATCH_SORTS = [
  'createdAt',
  '-createdAt',
  'finishedAt',
  '-finishedAt',
  'name',
  '-name',
  'files',
  '-files',
  'bytes',
  '-bytes',
  'instances',
  '-instances',
  'findings',
  '-findings',
] as const;

/** One word of {@link BATCH_SORTS}. */
export type BatchSort = (typeof BATCH_SORTS)[number];

export const batchQuery = z.strictObject({
  status: someOf(BATCH_STATUSES).optional().describe('Only batches with one of these statuses.'),
  state: someOf(BATCH_STATUSES).optional().describe('The same as `status`.'),
  stage: someOf(BATCH_STAGES).optional().describe('Only batches in one of these stages.'),
  needsAttention: onlyTrue
    .optional()
    .describe('Only those that a person should look at, and that nobody has acknowledged.'),
  root: rootName.optional(),
  late: onlyTrue.optional().describe('Only those that changed after the seal, where that is not imported.'),
  since: time.optional().describe('Only batches that were sealed at this time or later.'),
  until: time.optional().describe('Only batches that were sealed before this time.'),
  name: text('a name, or a part of one with * and ?')
    .optional()
    .describe('Only batches with this name; `*` stands for any characters, `?` for one.'),
  study: text('a StudyInstanceUID')
    .regex(/^[0-9.]{1,64}$/, 'a StudyInstanceUID')
    .optional()
    .describe('Only batches with images of the study with this StudyInstanceUID.'),
  after: batchId.optional().describe('Only batches that are older than the one with this id.'),
  offset: whole(0, 1e9).optional().describe('Without so many of the first.'),
  sort: oneOf(BATCH_SORTS).optional().describe('`-` before a field: the greatest first; `-createdAt` by default.'),
  ...paging,
});

export const batchPage = pageOf(batchSummary, 'BatchPage');

/** Which batches to list. */
export type BatchQuery = Frozen<z.infer<typeof batchQuery>>;

export const retryOne = z.strictObject({ id: batchId, by: by.optional().describe('Who asks, for the audit.') });

export const retryOutcome = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('queued'), batchId: z.string() }),
    z.object({ kind: z.literal('not-found') }),
    z.object({ kind: z.literal('refused'), status: z.enum(BATCH_STATUSES) }),
  ])
  .meta({ id: 'RetryOutcome', description: 'Outcome of asking for a retry.' });

/** Outcome of asking for a retry. */
export type RetryOutcome = Frozen<z.infer<typeof retryOutcome>>;

export const retryQuery = z.strictObject({
  statuses: someOf(BATCH_STATUSES).describe(
    'Only batches with one of these statuses; those that cannot be queued again are never among the answers.',
  ),
  root: rootName.optional(),
  since: time.optional().describe('Only batches that ended at this time or later.'),
  after: z
    .string('`next` of the page before')
    .regex(/^[0-9]{1,15}$/, '`next` of the page before')
    .optional(),
  limit,
  by: by.optional().describe('Who asks, for the audit.'),
  dryRun: z.boolean('true or false').describe('Only tell which they would be.'),
});

/** Which batches to queue again, a page at a time, in the order of their ids. */
export type RetryQuery = Frozen<z.infer<typeof retryQuery>>;

export const retryPage = z
  .object({
    batchIds: z.array(z.string()).describe('The batches that are queued again, or would be.'),
    next: z.string().nullable().describe('Where the next page begins; null after the last one.'),
  })
  .meta({ id: 'RetryPage' });

/** One page of {@link RetryQuery}. */
export type RetryPage = Frozen<z.infer<typeof retryPage>>;

export const pruneQuery = z.strictObject({
  endedBefore: time.describe('Only batches that ended before this time.'),
  root: rootName.optional(),
  after: z
    .string('`next` of the slice before')
    .regex(/^[0-9]{1,15}$/, '`next` of the slice before')
    .optional(),
  limit,
  dryRun: z.boolean('true or false').describe('Only count them.'),
});

/** Which batches to prune, a slice at a time, in the order of their ids. */
export type PruneQuery = Frozen<z.infer<typeof pruneQuery>>;

export const prunePage = z
  .object({
    batches: z.number().int().describe('Batches that are pruned, or would be.'),
    files: z.number().int().describe('Their sealed files.'),
    next: z.string().nullable().describe('Where the next slice begins; null after the last one.'),
  })
  .meta({ id: 'PrunePage' });

/** One slice of {@link PruneQuery}. */
export type PrunePage = Frozen<z.infer<typeof prunePage>>;

export const decisionRequest = z.strictObject({
  ref: ref.describe(
    'A batch by id, directory name or absolute path; a directory that is not sealed yet by its absolute path.',
  ),
  decision: oneOf(DECISIONS),
  by,
  reason: reason.describe("Why, in a person's words; kept for ever, shown, never logged outside the transcript."),
});

/** A decision as it is asked for. */
export type DecisionRequest = Frozen<z.infer<typeof decisionRequest>>;

export const acceptMountRequest = z.strictObject({
  ref: text('the name or absolute path of a watch path', 4096),
  by,
  reason,
});

export const pauseRequest = z.strictObject({ by, reason });

/** Who pauses the import queue, or lets it go on, and why. */
export type PauseRequest = Frozen<z.infer<typeof pauseRequest>>;

/** A person's request to accept the mount now at a watch path. */
export type AcceptMountRequest = Frozen<z.infer<typeof acceptMountRequest>>;

export const auditQuery = z.strictObject({
  ref: ref.optional().describe('A batch by id, directory name or path, or a directory by its path; all by default.'),
  batch: batchId.optional().describe('Only what is about the batch with this id.'),
  root: rootName.optional(),
  by: by.optional().describe('Only what this person did.'),
  decision: someOf(AUDITED).optional(),
  since: time.optional(),
  until: time.optional(),
  ...paging,
});

export const auditPage = pageOf(auditRecord, 'AuditPage');

/** Which decisions to list, newest first. */
export type AuditQuery = Frozen<z.infer<typeof auditQuery>>;

export const actionQuery = z.strictObject({
  batch: ref.optional().describe('Id, directory name or path of a batch.'),
  root: rootName.optional(),
  state: oneOf(ACTION_STATES).optional(),
  ...paging,
});

export const actionRetry = actionQuery.omit({ cursor: true });

/** Which actions are meant to be done again. */
export type ActionRetry = Frozen<z.infer<typeof actionRetry>>;

export const actionPage = pageOf(actionSummary, 'ActionPage');

/** Which actions are meant. */
export type ActionQuery = Frozen<z.infer<typeof actionQuery>>;

export const batchLookup = z.strictObject({ ref });
