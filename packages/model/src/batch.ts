import type { ActionSummary } from './action.ts';

import type { DigestAlgorithm } from './import.ts';
import type { AuditRecord } from './decision.ts';
import type { FindingRecord } from './finding.ts';

/**
 * The life of a batch (one sealed directory):
 *
 * NEW          sealed, its outbox row not yet handed to the queue
 * QUEUE        handed to the queue, waiting for a worker
 * PROCESSING   a worker reads it; back to QUEUE when an attempt failed and another follows
 * DONE         its rows are written (findings may exist)
 * EMPTY        read to the end, no DICOM image in it, or every one in conflict with another batch (the reason says so)
 * ERROR        read to the end, but its data is wrong (an error-level finding): its rows are written; `retry` queues it again, `accept`
 *              lets it through as it is
 * QUARANTINED  no attempt to import it succeeded, or its process died under it again and again; or set aside by policy or by a
 *              person. The reason is kept; `retry` queues it again
 * HELD         waiting for a person (`retry` queues it again), or for sealed files that vanished, or cannot be read
 */
export const BATCH_STATUSES = ['NEW', 'QUEUE', 'PROCESSING', 'DONE', 'EMPTY', 'ERROR', 'QUARANTINED', 'HELD'] as const;

/** One word of {@link BATCH_STATUSES}. */
export type BatchStatus = (typeof BATCH_STATUSES)[number];

/** The one transition table; the SQL guards the same transitions. A status may always be written onto itself by a repeated job. */
export const BATCH_TRANSITIONS: Readonly<Record<BatchStatus, readonly BatchStatus[]>> = {
  NEW: ['QUEUE', 'PROCESSING', 'HELD', 'QUARANTINED'],
  QUEUE: ['PROCESSING', 'HELD', 'QUARANTINED'],
  PROCESSING: ['PROCESSING', 'QUEUE', 'DONE', 'EMPTY', 'ERROR', 'HELD', 'QUARANTINED'],
  DONE: [],
  EMPTY: ['NEW'],
  ERROR: ['NEW', 'DONE'],
  QUARANTINED: ['NEW'],
  HELD: ['NEW', 'QUARANTINED'],
};

/** Whether a batch may go from one status to another. */
export function canTransition(from: BatchStatus, to: BatchStatus): boolean {
  return BATCH_TRANSITIONS[from].includes(to);
}

/** Statuses from which a transition to `to` is allowed, for SQL guards. */
export function statusesBefore(to: BatchStatus): readonly BatchStatus[] {
  return BATCH_STATUSES.filter((from) => canTransition(from, to));
}

/**
 * How strongly it is known that a directory was complete when it was sealed, strongest first:
 *
 * manifest    every file that a list names is there, with its size and digest
 * count       it holds as many instances as somebody outside said
 * marker      the sender left a done-file
 * renamed     it arrived under its final name by a rename
 * quiet       nothing in it changed for the quiet time
 * released    a person said so, whatever the rules said
 * incomplete  nothing proved it: its longest wait was over
 */
export const COMPLETENESS_GRADES = [
  'manifest',
  'count',
  'marker',
  'renamed',
  'quiet',
  'released',
  'incomplete',
] as const;

/** One word of {@link COMPLETENESS_GRADES}. */
export type CompletenessGrade = (typeof COMPLETENESS_GRADES)[number];

/** One line of `sendit batch list --json`. Times are ISO 8601 UTC. */
export interface BatchSummary {
  readonly id: string;
  /** Name of the watch path. */
  readonly root: string;
  /** Absolute path of the directory on the host that sealed it. */
  readonly path: string;
  /** Its path now, since the sealed directory was renamed within the watch path; null where it was not. */
  readonly renamedTo: string | null;
  readonly name: string;
  readonly status: BatchStatus;
  /** 1 for the first arrival under this path, counted up when it disappears and comes again with other content. */
  readonly generation: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
  readonly findings: number;
  /** It changed after the seal, and that is not imported: `sendit batch amend` does. */
  readonly isLate: boolean;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  /** Reading, while PROCESSING; null before it began. */
  readonly progress: RatedProgress | null;
}

/** How far an import has come with reading. */
export interface BatchProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  /** Sizes of the files that were read. */
  readonly bytesDone: number;
  /** Milliseconds since reading began. */
  readonly elapsedMs: number;
}

/** A {@link BatchProgress} with what follows from it; null until something was read. */
export interface RatedProgress extends BatchProgress {
  readonly filesPerS: number | null;
  /** Milliseconds until the last file, at the rate so far. */
  readonly etaMs: number | null;
}

/** How long an import took, in whole milliseconds. */
export interface ImportTimes {
  /** Looking at what lies in the directory. */
  readonly listingMs: number;
  /** Headers, digests and checks. */
  readonly readingMs: number;
  /** Of reading: digests, summed over the threads that made them. */
  readonly hashingMs: number;
}

/** {@link ImportTimes} with the whole. */
export interface BatchTimes extends ImportTimes {
  /** From the begin of the import to the end of its commit. */
  readonly elapsedMs: number;
  /** The rest: keeping and committing rows. */
  readonly databaseMs: number;
  readonly filesPerS: number | null;
}

/** `sendit batch show`: the summary, what is in it and what was found. Header values: UIDs, modality, counts; no patient data. */
export interface BatchDetail extends BatchSummary {
  readonly grade: CompletenessGrade;
  readonly files: number;
  readonly bytes: number;
  /** Digest over all hashed files, in hex; null before the import, or if nothing is hashed. */
  readonly digest: string | null;
  /** How each file was hashed. */
  readonly digestAlgorithm: DigestAlgorithm | null;
  readonly attempts: number;
  /** How many different contents its directory had after the seal. */
  readonly lateChanges: number;
  /** It is only what came late to the generations before. */
  readonly isDelta: boolean;
  /** Why the batch ended in ERROR, HELD or QUARANTINED. */
  readonly reason: string | null;
  readonly startedAt: string | null;
  /** Of the import that ended; null before. */
  readonly times: BatchTimes | null;
  /** Different ones in its series, sorted. */
  readonly modalities: readonly string[];
  /** Different ones of its studies, sorted; as in the headers (`YYYYMMDD`). */
  readonly studyDates: readonly string[];
  readonly studyList: readonly StudySummary[];
  /** Of its instances those that another batch, or an earlier generation, had imported before: each counts once, there. */
  readonly duplicates: number;
  /** Of its instances those of which a later generation of its directory has other bytes. */
  readonly replaced: number;
  /** Files that were not recorded, because another batch has the instance with other bytes. */
  readonly quarantined: number;
  readonly findingList: readonly FindingRecord[];
  /** People's decisions about it, also from before it was sealed; oldest first. */
  readonly auditList: readonly AuditRecord[];
  /** Actions after its import, in order. */
  readonly actionList: readonly ActionSummary[];
}

/** One study of a batch. */
export interface StudySummary {
  readonly studyInstanceUid: string;
  readonly studyDate: string | null;
  readonly seriesList: readonly SeriesSummary[];
}

/** One series of a study. */
export interface SeriesSummary {
  readonly seriesInstanceUid: string;
  readonly modality: string | null;
  readonly seriesNumber: number | null;
  readonly instances: number;
  /** Sizes of their files. */
  readonly bytes: number;
}
