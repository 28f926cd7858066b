import {
  type BatchProgress,
  type BatchStatus,
  type Clock,
  type HashPolicy,
  type ImportResult,
  type Logger,
  systemClock,
} from '@sendit/model';
import type { Grouping } from './grouping.ts';
import type { ImageFilter } from './image-filter.ts';
import type { HeaderReaders } from './header-readers.ts';
import { readSealedBatch } from './read-sealed-batch.ts';
import type { ImportJob, StudyStore } from './study-store.ts';

/** What {@link importBatch} works with. */
export interface ImportDeps {
  readonly store: StudyStore;
  readonly readers: HeaderReaders;
  /** Images that it excludes are findings and not recorded; none by default. */
  readonly filter?: ImageFilter;
  /** How files are hashed; not at all by default. */
  readonly hash?: HashPolicy;
  readonly logger: Logger;
  /** The machine's clock by default; spaces the progress reports. */
  readonly clock?: Clock;
  /** The time of day by default; dates after it are in the future. */
  readonly now?: () => Date;
  /** Called when the store is told of progress. */
  readonly onProgress?: (progress: BatchProgress) => void;
}

/** How an import ended. `settled` and `already-done`: another run had done it, before this one began or before it could commit. */
export type ImportOutcome =
  | { readonly kind: 'settled' }
  | { readonly kind: 'already-done' }
  | {
      readonly kind: 'imported';
      readonly status: BatchStatus;
      readonly studies: number;
      readonly series: number;
      readonly instances: number;
      readonly findings: number;
    };

const PROGRESS_MS = 250;

/**
 * Imports one sealed batch: reads the header of every file that was sealed, groups, checks, and commits once. A bad file is a finding and stops nothing
 * else. May run twice, at once or one after the other: the store's commit lets one effect through. Nothing below the directory is changed.
 * @throws SenditError `not-found` (safe to retry) when the directory or sealed files are gone; `internal` (safe to retry) when the machine or its mount failed.
 * @throws the signal's reason when aborted; then nothing was committed.
 */
export async function importBatch(job: ImportJob, deps: ImportDeps, signal: AbortSignal): Promise<ImportOutcome> {
  signal.throwIfAborted();
  const begun = await deps.store.begin(job);
  if (begun.kind === 'settled') return begun;
  const { readers, now, filter, hash } = deps;
  const report = newProgressReport(begun.batch.id, deps);
  const manifest = deps.store.manifest(begun.batch.id);
  const grouping = await readSealedBatch(
    begun.batch,
    { manifest, readers, report, now: now?.() ?? new Date(), ...(filter && { filter }), ...(hash && { hash }) },
    signal,
  );
  const result = toResult(job, grouping);
  signal.throwIfAborted();
  if ((await deps.store.commit(result)) === 'already-done') return { kind: 'already-done' };
  const outcome = {
    status: result.status,
    studies: result.studies.length,
    series: result.series.length,
    instances: result.instances.length,
    findings: result.findings.length,
  };
  deps.logger.info('batch imported', { batch: job.batchId, files: result.files, ...outcome });
  return { kind: 'imported', ...outcome };
}

/** At most four reports a second, the first at once and the last in any case; no timer. */
function newProgressReport(batchId: string, { store, onProgress, clock = systemClock }: ImportDeps) {
  let reportedAt = Number.NEGATIVE_INFINITY;
  return async (progress: BatchProgress): Promise<void> => {
    const isLast = progress.filesDone === progress.filesTotal;
    if (!isLast && clock.now() - reportedAt < PROGRESS_MS) return;
    reportedAt = clock.now();
    await store.progress(batchId, progress);
    onProgress?.(progress);
  };
}

function toResult(job: ImportJob, grouping: Grouping): ImportResult {
  const isEmpty = grouping.instances.length === 0;
  const isMixed = grouping.studyDates > 1;
  return {
    batchId: job.batchId,
    outboxId: job.outboxId,
    status: isEmpty ? 'EMPTY' : isMixed ? 'ERROR' : 'DONE',
    reason: isMixed ? `The batch has ${grouping.studyDates} different StudyDates.` : null,
    files: grouping.files,
    bytes: grouping.bytes,
    ...grouping.toDigest(),
    studies: grouping.studies,
    series: grouping.series,
    instances: grouping.instances,
    findings: grouping.findings.toRecords(),
  };
}
