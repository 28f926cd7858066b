import type { BatchStatus } from './batch.ts';
import type { UnitKind } from './unit.ts';

/** Kinds of actions of a watch path, which its watcher does. */
export const HAND_ON_KINDS = ['exec', 'webhook', 'module', 'copy', 'move'] as const;

/** Kinds of actions that may follow an import; a `step` is done by an import worker, before the others. */
export const ACTION_KINDS = ['step', ...HAND_ON_KINDS] as const;

/** One word of {@link HAND_ON_KINDS}. */
export type HandOnKind = (typeof HAND_ON_KINDS)[number];

/** One word of {@link ACTION_KINDS}. */
export type ActionKind = (typeof ACTION_KINDS)[number];

/**
 * The life of one action of one batch:
 *
 * pending  waits for the action before it, for its turn, or for its next attempt
 * running  somebody does it; back to pending when the attempt failed and another follows
 * done     it was done, and the next action of the batch has its turn
 * failed   its attempts are used up, or another cannot help; those after it wait until it is retried and done
 */
export const ACTION_STATES = ['pending', 'running', 'done', 'failed'] as const;

/** One word of {@link ACTION_STATES}. */
export type ActionState = (typeof ACTION_STATES)[number];

/** An action as it is planned for every batch of a watch path; what it does stays in the configuration of its watcher. */
export interface PlannedAction {
  /** Of its own within the watch path. */
  readonly name: string;
  readonly kind: ActionKind;
}

/**
 * What may befall a batch beside a good end, each with actions of its own. They are done beside those of its import, each by itself, at
 * least once for each event.
 *
 * onError  it ended in ERROR or QUARANTINED
 * onHeld   it is HELD: its files are gone or cannot be read, or what came late waits for a person
 * onLate   its files changed after the seal; once for each content
 */
export const BATCH_EVENTS = ['onError', 'onHeld', 'onLate'] as const;

/** One word of {@link BATCH_EVENTS}. */
export type BatchEvent = (typeof BATCH_EVENTS)[number];

/** Which actions follow the imports of a watch path, in this order, one after the other. */
export interface ActionPlan extends Readonly<Partial<Record<BatchEvent, readonly PlannedAction[]>>> {
  readonly onDone: readonly PlannedAction[];
  /** After ERROR and QUARANTINED. */
  readonly onFailed: readonly PlannedAction[];
}

/** How many actions there are that are not done. */
export type ActionCounts = Readonly<Record<Exclude<ActionState, 'done'>, number>>;

/** How far an action says it has come, in units of its own. */
export interface ActionProgress {
  readonly done: number;
  /** Null where it does not say. */
  readonly total: number | null;
}

/** Payload of a job of the hand-on queue. */
export interface ActionJob {
  readonly batchId: string;
  readonly outboxId: string;
}

/** One attempt at an action, as it begins. */
export interface ActionAttempt extends PlannedAction {
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  readonly status: BatchStatus;
  /** Path below the watch path that it was sealed under; `batch.path` is where it lies now. */
  readonly relativePath: string;
  /** An earlier attempt of a move had every file at its target, and began to remove the originals. */
  readonly isPlaced: boolean;
  readonly unit: UnitKind;
  readonly batch: ActionBatch;
}

/** An action's facts about its batch. */
export interface ActionBatch {
  readonly id: string;
  /** Name of the watch path. */
  readonly root: string;
  /** Absolute path on the host that sealed it. */
  readonly path: string;
  readonly generation: number;
  readonly files: number;
  readonly bytes: number;
  readonly instances: number;
  readonly duplicates: number;
  readonly quarantined: number;
  readonly findings: number;
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly studyList: readonly {
    readonly studyInstanceUid: string;
    readonly seriesList: readonly {
      readonly seriesInstanceUid: string;
      readonly modality: string | null;
      readonly instances: number;
    }[];
  }[];
}
