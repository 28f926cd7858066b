import type { BatchSummary, PendingDirectory } from '@sendit/api';
import type { BatchStatus } from '@sendit/model';

/** Where a unit stands on its way, as people speak of it. */
export const STAGE_NAMES = [
  'arriving',
  'skipped',
  'held',
  'sealed',
  'queued',
  'importing',
  'handing',
  'done',
  'empty',
  'late',
  'failed',
  'quarantined',
] as const;

/** One word of {@link STAGE_NAMES}. */
export type Stage = (typeof STAGE_NAMES)[number];

const OF_STATUS: Readonly<Record<BatchStatus, Stage>> = {
  NEW: 'sealed',
  QUEUE: 'queued',
  PROCESSING: 'importing',
  DONE: 'done',
  EMPTY: 'empty',
  ERROR: 'failed',
  QUARANTINED: 'quarantined',
  HELD: 'held',
};

const OF_OUTCOME: Readonly<Record<PendingDirectory['outcome'], Stage>> = {
  waiting: 'arriving',
  hold: 'held',
  quarantine: 'quarantined',
  skipped: 'skipped',
};

/** The status of a batch in the list of a stage; undefined where no batch is in this stage. */
export function toStatus(stage: Stage): BatchStatus | undefined {
  return (Object.keys(OF_STATUS) as BatchStatus[]).find((status) => OF_STATUS[status] === stage);
}

export function toBatchStage({ status, isLate }: Pick<BatchSummary, 'status' | 'isLate'>): Stage {
  return isLate && status === 'DONE' ? 'late' : OF_STATUS[status];
}

export function toPendingStage({ outcome }: Pick<PendingDirectory, 'outcome'>): Stage {
  return OF_OUTCOME[outcome];
}

/** What colour a stage has: colour is for state alone. */
export type Tone = 'well' | 'busy' | 'attention' | 'bad' | 'aside' | 'quiet' | 'plain';

export const TONES: Readonly<Record<Stage, Tone>> = {
  arriving: 'quiet',
  skipped: 'plain',
  held: 'attention',
  sealed: 'quiet',
  queued: 'quiet',
  importing: 'busy',
  handing: 'busy',
  done: 'well',
  empty: 'plain',
  late: 'attention',
  failed: 'bad',
  quarantined: 'aside',
};
