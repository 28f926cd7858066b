import { BATCH_STATUSES, INSTANCE_STANDINGS } from '@sendit/model';
import { z } from 'zod';
import { askedFindingCode, findingCode } from './finding-code.ts';
import { batchId, oneOf, rootName, someOf, text, time } from '../fields.ts';
import { type Of, pageOf, paging } from '../page.ts';

const isoTime = z.iso.datetime();
const count = z.int().min(0);
const uid = (keyword: string) => text(`a ${keyword}`).regex(/^[\w.]{1,256}$/, `a ${keyword}`);

const studyRow = z
  .object({
    id: z.string(),
    studyInstanceUid: z.string().describe('`study_…` where the headers have none.'),
    studyDate: z.string().nullable().describe('As in the headers: `YYYYMMDD`.'),
    modalities: z.array(z.string()),
    series: count,
    instances: count,
    bytes: count,
    batches: z.array(z.string()).describe('Ids of the batches with images of it, newest first; at most 20.'),
    createdAt: isoTime.describe('When the first image of it was imported.'),
  })
  .meta({ id: 'Study', description: 'One study; no patient data.' });

/** One study; no patient data. */
export type StudyRow = Of<typeof studyRow>;

export const studyQuery = z.strictObject({
  study: uid('StudyInstanceUID').optional(),
  batch: batchId.optional(),
  since: time.optional().describe('Only those of which the first image was imported at this time or later.'),
  until: time.optional(),
  ...paging,
});

/** Which studies to list, newest first. */
export type StudyQuery = Of<typeof studyQuery>;

export const studyPage = pageOf(studyRow, 'StudyPage');

const seriesRow = z
  .object({
    id: z.string(),
    seriesInstanceUid: z.string().describe('`series_…` where the headers have none.'),
    studyInstanceUid: z.string(),
    modality: z.string().nullable(),
    seriesNumber: z.int().nullable(),
    bodyPartExamined: z.string().nullable(),
    instances: count,
    bytes: count,
    createdAt: isoTime,
  })
  .meta({ id: 'Series', description: 'One series; no patient data.' });

/** One series; no patient data. */
export type SeriesRow = Of<typeof seriesRow>;

export const seriesQuery = z.strictObject({
  study: uid('StudyInstanceUID').optional(),
  series: uid('SeriesInstanceUID').optional(),
  batch: batchId.optional(),
  modality: text('a modality, such as CT', 16).optional(),
  ...paging,
});

/** Which series to list, newest first. */
export type SeriesQuery = Of<typeof seriesQuery>;

export const seriesPage = pageOf(seriesRow, 'SeriesPage');

const imageRow = z
  .object({
    sopInstanceUid: z.string(),
    seriesInstanceUid: z.string(),
    batchId: z.string(),
    instanceNumber: z.int().nullable(),
    sopClassUid: z.string().nullable(),
    transferSyntaxUid: z.string().nullable(),
    path: z.string().describe('Below the directory of its batch.'),
    bytes: count,
    isWhole: z.boolean().nullable().describe('False where the file is cut; null where nobody could tell.'),
    digest: z.string().nullable(),
    digestAlgorithm: z.string().nullable(),
    standing: z.enum(INSTANCE_STANDINGS).describe('Whether it counts, beside those of other batches with its UID.'),
  })
  .meta({ id: 'Image', description: 'One instance as a batch has it.' });

/** One instance as a batch has it. */
export type ImageRow = Of<typeof imageRow>;

export const imageQuery = z.strictObject({
  batch: batchId.optional(),
  series: uid('SeriesInstanceUID').optional(),
  image: uid('SOPInstanceUID').optional(),
  ...paging,
});

/** Which images to list, by batch and UID. */
export type ImageQuery = Of<typeof imageQuery>;

export const imagePage = pageOf(imageRow, 'ImagePage');

const findingRow = z
  .object({
    id: z.string(),
    batchId: z.string(),
    root: z.string().describe('Name of the watch path.'),
    code: findingCode,
    severity: z.enum(['info', 'warning', 'error']),
    path: z.string().nullable().describe('Below the directory; null: the batch as a whole.'),
    message: z.string(),
  })
  .meta({ id: 'FindingRow', description: 'What an import found, with its batch.' });

/** A finding with its batch. */
export type FindingRow = Of<typeof findingRow>;

export const findingQuery = z.strictObject({
  batch: batchId.optional(),
  code: askedFindingCode.optional(),
  severity: someOf(['info', 'warning', 'error']).optional(),
  root: rootName.optional(),
  ...paging,
});

/** Which findings to list, newest first. */
export type FindingQuery = Of<typeof findingQuery>;

export const findingPage = pageOf(findingRow, 'FindingPage');

/** Where a job is: `waiting` for its turn, `active`, `delayed` until it is due, `failed`: it is not tried again by itself. */
const JOB_STATES = ['waiting', 'active', 'delayed', 'failed'] as const;

const jobRow = z
  .object({
    id: z.string(),
    kind: z.enum(['import', 'hand-on']),
    state: z.enum(JOB_STATES),
    batchId: z.string(),
    batchStatus: z.enum(BATCH_STATUSES),
    root: z.string().describe('Name of the watch path.'),
    action: z.string().nullable().describe('Name of the action; null for an import.'),
    attempts: count,
    reason: z.string().nullable().describe('Why the last attempt failed.'),
    createdAt: isoTime,
    dueAt: isoTime.nullable().describe('When it is tried next; null where that depends on another.'),
  })
  .meta({ id: 'Job', description: 'Something that is still to be done: an import or an action.' });

/** Something that is still to be done: an import or an action. */
export type JobRow = Of<typeof jobRow>;

export const jobQuery = z.strictObject({
  state: oneOf(JOB_STATES).optional(),
  kind: oneOf(['import', 'hand-on']).optional(),
  root: rootName.optional(),
  ...paging,
});

/** Which jobs to list, the oldest batch first. */
export type JobQuery = Of<typeof jobQuery>;

export const jobPage = pageOf(jobRow, 'JobPage');
