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
