import {
  type BatchProgress,
  type BatchToImport,
  type Clock,
  type CommitOutcome,
  type ImportResult,
  type ImportRun,
  type Logger,
  type ManifestFile,
  SenditError,
  systemClock,
  toErrorReason,
  toMessage,
} from '@sendit/model';
import type { Grouping } from './grouping.ts';
import type { HeaderReaders } from './header-readers.ts';
import type { ImportPolicy } from './import-policy.ts';
import { ImportWatch } from './import-watch.ts';
import type { LargeSlots } from './large-slots.ts';
import type { CheckedBatch } from './own-checks/define-check.ts';
import { CheckedInstances, runChecks } from './own-checks/run-checks.ts';
import { readSealedBatch } from './read-sealed-batch.ts';
import type { ImportJob, StudyStore } from './study-store.ts';

export interface ImportDeps {
  readonly store: StudyStore;
  readonly readers: HeaderReaders;
  /** Policy of the import; each part has a default. */
  readonly policy?: ImportPolicy;
  /** Instances that are held at most, before they are kept in the store; 5,000 by default. */
  readonly partSize?: number;
  /** Of large batches, how many are imported at a time; all by default. */
  readonly slots?: LargeSlots;
  readonly logger: Logger;
  /** The machine's clock by default; spaces the progress reports. */
  readonly clock?: Clock;
  /** The time of day by default; dates after it are in the future. */
  readonly now?: () => Date;
  /** Called when progress is written to the store. */
  readonly onProgress?: (progress: BatchProgress) => void;
}

/** How an import ended. `settled` and `already-done`: another run had done it, before this one began or before it could commit. */
export type ImportOutcome =
  | { readonly kind: 'settled' }
  | { readonly kind: 'already-done' }
  | (Omit<Extract<CommitOutcome, { readonly kind: 'committed' }>, 'kind'> & { readonly kind: 'imported' });

const PROGRESS_MS = 250;

/**
 * Imports one sealed batch: lists its files, reads every header, groups, checks, and commits once; of a large one it keeps parts before. A bad file is a finding and stops nothing
 * else. May run twice, at once or one after the other: the store's commit lets one effect through. Nothing below the directory is changed.
 * @throws SenditError `not-found` (safe to retry) when the directory or sealed files are gone; `unreadable` (safe to retry) when the system
 * refused to read a sealed file.
 * @throws the signal's reason when aborted; then nothing was committed.
 */
export async function importBatch(job: ImportJob, deps: ImportDeps, signal: AbortSignal): Promise<ImportOutcome> {
  signal.throwIfAborted();
  const begun = await deps.store.begin(job);
  if (begun.kind === 'settled') return begun;
  const run = { batchId: job.batchId, outboxId: job.outboxId, attempt: begun.attempt };
  try {
    using _slot = await deps.slots?.take(begun.batch.files, signal);
    return await runImport(run, begun, { deps, signal });
  } catch (error) {
    if (error instanceof Superseded) return { kind: 'already-done' };
    await postpone(run, error, deps);
    throw error;
  }
}

/** A later run of the batch has begun: what this one reads is not wanted. */
class Superseded extends Error {}

async function runImport(
  run: ImportRun,
  { batch, manifest }: { readonly batch: BatchToImport; readonly manifest?: readonly ManifestFile[] },
  { deps, signal }: { readonly deps: ImportDeps; readonly signal: AbortSignal },
): Promise<ImportOutcome> {
  const { store, readers, now, policy = {}, partSize, logger, clock = systemClock } = deps;
  const watch = new ImportWatch(clock);
  const { checks = [] } = policy;
  const seen = new CheckedInstances();
  const grouping = await readSealedBatch(
    batch,
    {
      manifest: toManifest(manifest, () => store.manifest(batch.id)),
      readers,
      policy,
      ...(batch.isDelta && { earlier: (uids: readonly string[]) => store.earlier(batch.id, uids) }),
      report: newProgressReport(batch.id, watch, deps),
      now: now?.() ?? new Date(),
      findingPolicy: batch.findingPolicy,
      isAccepted: batch.isAccepted,
      takePart: async (instances) => {
        if (checks.length > 0) seen.add(instances);
        const outcome = await watch.apart(() => store.stage({ ...run, instances }));
        if (outcome === 'superseded') throw new Superseded();
      },
      ...(partSize !== undefined && { partSize }),
    },
    signal,
  );
  if (checks.length > 0) {
    seen.add(grouping.pending);
    const checked = toChecked(batch, grouping, seen);
    for (const found of await runChecks(checks, checked, { logger, signal })) grouping.findings.add(found);
  }
  const read = toResult(run, { grouping, watch, isAccepted: batch.isAccepted });
  const result = policy.steps === undefined ? read : { ...read, steps: policy.steps };
  signal.throwIfAborted();
  const outcome = await store.commit(result);
  if (outcome.kind === 'already-done') return outcome;
  const { kind: _kind, ...written } = outcome;
  logger.info('batch imported', { batch: run.batchId, files: result.files, ...written });
  return { kind: 'imported', ...written };
}

function toChecked({ id, path }: BatchToImport, grouping: Grouping, seen: CheckedInstances): CheckedBatch {
  const { bytes, files, instanceCount: instances, series, studies } = grouping;
  return { batch: { id, path, files, bytes, instances }, studies, series, instances: seen.all };
}

/** The sealed files, iterated as often as they are asked for. */
function toManifest(
  known: readonly ManifestFile[] | undefined,
  read: () => AsyncIterable<readonly ManifestFile[]>,
): AsyncIterable<readonly ManifestFile[]> {
  if (known === undefined) return { [Symbol.asyncIterator]: () => read()[Symbol.asyncIterator]() };
  return {
    async *[Symbol.asyncIterator]() {
      if (known.length > 0) yield known;
    },
  };
}

/** So that people see why it waits. That this cannot be written must not hide why the attempt failed. */
async function postpone(run: ImportRun, error: unknown, { store, logger }: ImportDeps): Promise<void> {
  try {
    await store.postpone(run, toMessage(error));
  } catch (failure) {
    const code = failure instanceof SenditError ? failure.code : 'internal';
    logger.verbose('the reason of a failed attempt could not be kept', { batch: run.batchId, code });
  }
}

/**
 * At most four reports a second, none before a quarter of one has passed, and the last where there was another; no timer. Most batches are
 * read in less: for thousands of small ones that arrive together, each write counts.
 */
function newProgressReport(batchId: string, watch: ImportWatch, { store, onProgress }: ImportDeps) {
  let reportedAt = 0;
  return async (read: Omit<BatchProgress, 'elapsedMs'>): Promise<void> => {
    const elapsedMs = watch.readingMs();
    const isLast = read.filesDone === read.filesTotal;
    if (elapsedMs - reportedAt < PROGRESS_MS && !(isLast && reportedAt > 0)) return;
    reportedAt = elapsedMs;
    const progress = { ...read, elapsedMs: Math.round(elapsedMs) };
    await store.progress(batchId, progress);
    onProgress?.(progress);
  };
}

function toResult(
  run: ImportRun,
  read: { readonly grouping: Grouping; readonly watch: ImportWatch; readonly isAccepted: boolean },
): ImportResult {
  const { grouping, isAccepted, watch } = read;
  const findings = grouping.findings.toRecords();
  const reason = isAccepted ? null : toErrorReason(findings);
  return {
    ...run,
    status: reason !== null ? 'ERROR' : grouping.instanceCount === 0 ? 'EMPTY' : 'DONE',
    reason,
    files: grouping.files,
    bytes: grouping.bytes,
    ...grouping.toDigest(),
    times: watch.toTimes(grouping.hashMs),
    studies: grouping.studies,
    series: grouping.series,
    instances: grouping.takeInstances(),
    findings,
  };
}
