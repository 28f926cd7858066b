import type { BatchDetail, BatchStatus } from './batch.ts';
import type { UnitKind } from './unit.ts';

/** Kinds of actions that may follow an import. */
export const ACTION_KINDS = ['exec', 'webhook', 'copy', 'move'] as const;

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

/** Which actions follow the imports of a watch path, in this order, one after the other. */
export interface ActionPlan {
  readonly onDone: readonly PlannedAction[];
  /** After ERROR and QUARANTINED. */
  readonly onFailed: readonly PlannedAction[];
}

/** One line of `sendit batch actions --json`. */
export interface ActionSummary {
  /** Stays the same through every attempt and retry: the idempotency key. */
  readonly id: string;
  readonly batchId: string;
  /** Name of the watch path. */
  readonly root: string;
  /** Place in the order of the batch's actions, from 1. */
  readonly position: number;
  readonly name: string;
  readonly kind: ActionKind;
  readonly state: ActionState;
  readonly attempts: number;
  /** Why the last attempt failed; free of header values and file names, unless the configuration keeps a command's output. */
  readonly reason: string | null;
  /** Exit code of a command, status of an HTTP answer. */
  readonly code: number | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** Which actions are meant. */
export interface ActionQuery {
  /** Id, directory name or path of a batch. */
  readonly batch?: string | undefined;
  readonly root?: string | undefined;
  readonly state?: ActionState | undefined;
  /** At most this many, newest batch first; 50 by default. */
  readonly limit?: number | undefined;
}

/** How many actions there are that are not done. */
export type ActionCounts = Readonly<Record<Exclude<ActionState, 'done'>, number>>;

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
  readonly batch: BatchDetail;
}
