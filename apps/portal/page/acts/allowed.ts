import type { BatchDetail, PendingDirectory } from '@sendit/api';
import type { Decision } from '@sendit/model';

/** Possible acts on a unit. */
export type Act = Decision | 'retry' | 'actions';

const OF_STATUS: Readonly<Record<BatchDetail['status'], readonly Act[]>> = {
  NEW: ['hold', 'quarantine'],
  QUEUE: ['hold', 'quarantine'],
  PROCESSING: ['hold', 'quarantine'],
  DONE: [],
  EMPTY: ['retry'],
  ERROR: ['retry', 'accept', 'acknowledge'],
  QUARANTINED: ['release', 'retry', 'acknowledge'],
  HELD: ['release', 'retry', 'accept', 'quarantine'],
};

/** Acts that a batch's state allows, likeliest first. */
export function toActs(batch: Pick<BatchDetail, 'status' | 'isLate' | 'actionList'>): readonly Act[] {
  return [
    ...(batch.actionList.some(({ state }) => state === 'failed') ? (['actions'] as const) : []),
    ...(batch.isLate ? (['amend', 'acknowledge'] as const) : []),
    ...OF_STATUS[batch.status].filter((act) => !(batch.isLate && act === 'acknowledge')),
  ];
}

/** The same of what is not sealed. */
export function toPendingActs({ outcome }: Pick<PendingDirectory, 'outcome'>): readonly Act[] {
  switch (outcome) {
    case 'hold':
      return ['release', 'quarantine'];
    case 'quarantine':
      return ['release', 'hold'];
    case 'waiting':
      return ['release', 'hold', 'quarantine'];
    case 'skipped':
      return [];
  }
}
