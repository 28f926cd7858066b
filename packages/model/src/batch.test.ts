import { expect, test } from 'vitest';
import { BATCH_STATUSES, canTransition, statusesBefore } from './batch.ts';

test('what is done stays done, and every other end can be retried', () => {
  expect(BATCH_STATUSES.filter((to) => canTransition('DONE', to))).toEqual([]);
  expect(statusesBefore('NEW')).toEqual(['EMPTY', 'ERROR', 'QUARANTINED', 'HELD']);
});

test('an import that never succeeded is quarantined; ERROR is for one that was read to the end', () => {
  expect(statusesBefore('ERROR')).toEqual(['PROCESSING']);
  expect(canTransition('QUEUE', 'QUARANTINED') && canTransition('PROCESSING', 'QUARANTINED')).toBe(true);
});

test('every status but the first can be reached, and DONE can be reached from all of them but itself', () => {
  const reachable = (from: string): Set<string> => {
    const seen = new Set([from]);
    for (const status of seen) {
      for (const to of BATCH_STATUSES) if (canTransition(status as (typeof BATCH_STATUSES)[number], to)) seen.add(to);
    }
    return seen;
  };
  expect([...reachable('NEW')].toSorted()).toEqual([...BATCH_STATUSES].toSorted());
  for (const status of BATCH_STATUSES) expect(reachable(status).has('DONE')).toBe(true);
});
