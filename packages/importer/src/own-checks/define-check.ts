import type { FindingSeverity, ImportedInstance, ImportedSeries, ImportedStudy, OwnFindingCode } from '@sendit/model';

/** What a check sees of a batch whose headers are read. Header values of patients are in it: name none in a finding. */
export interface CheckedBatch {
  readonly batch: {
    readonly id: string;
    /** Absolute directory; of a series or study the watch path. */
    readonly path: string;
    /** Read files, images or not. */
    readonly files: number;
    readonly bytes: number;
    /** Recorded images; more than `instances` holds where that is cut. */
    readonly instances: number;
  };
  readonly studies: readonly ImportedStudy[];
  readonly series: readonly ImportedSeries[];
  /** The recorded images, 100,000 at most; `series` of each is the place of its series in the list. */
  readonly instances: readonly ImportedInstance[];
}

/** What a check has found. */
export interface OwnFinding {
  /** The file, below the directory of the batch; none for the batch as a whole. */
  readonly path?: string | undefined;
  /** One sentence; never a header value. Cut at 300 characters. */
  readonly message: string;
  /** Instead of the check's own. */
  readonly severity?: FindingSeverity | undefined;
}

/** Looks at one batch. What it throws is a finding of the code `check-failed`, and stops nothing. */
export type CheckFunction = (
  checked: CheckedBatch,
  signal: AbortSignal,
) => readonly OwnFinding[] | Promise<readonly OwnFinding[]>;

/** Limits of a check. */
export interface CheckOptions {
  /** How bad its findings are, unless `findings` of the configuration says otherwise; `warning` by default. */
  readonly severity?: FindingSeverity | undefined;
  /** Longest run in ms; then its signal aborts and it has failed. 60,000 by default. */
  readonly timeoutMs?: number | undefined;
}

/** A check of one's own, as `worker.checks` takes it. */
export interface Check extends CheckOptions {
  readonly code: OwnFindingCode;
  readonly check: CheckFunction;
}

/** Defines a check that runs in every import, after all headers are read. Its findings have its `code`: `own-` and a few words. */
export function defineCheck(code: OwnFindingCode, check: CheckFunction, options: CheckOptions = {}): Check {
  return { ...options, code, check };
}
