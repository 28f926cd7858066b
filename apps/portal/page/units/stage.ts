import type { BatchStage, BatchSummary, PendingStage } from '@sendit/api';

/** Where a unit stands on its way, in the API's words; `empty` is a done batch without an image. */
export type Stage = BatchStage | PendingStage | 'empty';

/** Stages that a list can be filtered by, in the order of the way. */
export const LISTED_STAGES = [
  'arriving',
  'settling',
  'held',
  'sealed',
  'queued',
  'importing',
  'handing-on',
  'failed',
  'late',
  'quarantined',
  'done',
] as const satisfies readonly (BatchStage | PendingStage)[];

/** One word of {@link LISTED_STAGES}. */
export type ListedStage = (typeof LISTED_STAGES)[number];

const OF_UNSEALED: readonly string[] = ['arriving', 'settling', 'held', 'quarantined'] satisfies PendingStage[];

/** Whether a batch can be in a stage; the others are of what is not sealed. */
export function isBatchStage(stage: ListedStage): stage is ListedStage & BatchStage {
  return stage !== 'arriving' && stage !== 'settling';
}

/** Returns true if a pending unit can be in the stage. */
export function isPendingStage(stage: ListedStage): stage is ListedStage & PendingStage {
  return OF_UNSEALED.includes(stage);
}

/** The stage of a batch as it is shown. */
export function toShownStage({ stage, status }: Pick<BatchSummary, 'stage' | 'status'>): Stage {
  return status === 'EMPTY' && stage === 'done' ? 'empty' : stage;
}

/** Colour of a stage: colour is for state alone. */
export type Tone = 'well' | 'busy' | 'attention' | 'bad' | 'aside' | 'quiet' | 'plain';

export const TONES: Readonly<Record<Stage, Tone>> = {
  arriving: 'quiet',
  settling: 'quiet',
  skipped: 'plain',
  held: 'attention',
  sealed: 'quiet',
  queued: 'quiet',
  importing: 'busy',
  'handing-on': 'busy',
  done: 'well',
  empty: 'plain',
  late: 'attention',
  failed: 'bad',
  quarantined: 'aside',
};
