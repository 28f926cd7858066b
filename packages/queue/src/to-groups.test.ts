import type { OutboxRow } from '@sendit/model';
import { expect, test } from 'vitest';
import { toJobs } from './jobs.ts';
import { toGroups } from './to-groups.ts';

function fresh(count: number, more: Partial<OutboxRow> = {}): readonly OutboxRow[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `${JSON.stringify(more)}${at}`,
    kind: 'import-dicomdir',
    batchId: String(at),
    freshFiles: 20,
    ...more,
  }));
}

/** The row as it is claimed once it was sent. */
function toSent({ batchId, groupId, id, kind }: OutboxRow): OutboxRow {
  return { id, kind, batchId, ...(groupId !== undefined && { groupId }) };
}

function counter(): () => string {
  let count = 0;
  return () => `g${(count += 1)}`;
}

/** Sizes of the jobs of some rows. */
function sizes(rows: readonly OutboxRow[]): readonly number[] {
  return toJobs(toGroups(rows, counter())).map(({ data }) => ('members' in data ? data.members.length : 1));
}

test.each<[string, readonly OutboxRow[], readonly number[]]>([
  ['a lone row has a job of its own', fresh(1), [1]],
  ['three have one each', fresh(3), [1, 1, 1]],
  ['four share one', fresh(4), [4]],
  ['many are dealt out evenly', fresh(100), [25, 25, 25, 25]],
  ['a few more than fit make two of one size', fresh(26), [13, 13]],
  ['what was sent before is not grouped anew', fresh(5).map(toSent), [1, 1, 1, 1, 1]],
  ['a batch of many files travels by itself', [...fresh(4), ...fresh(1, { freshFiles: 101 })], [4, 1]],
  ['what arrived and what was found are apart', [...fresh(4), ...fresh(5, { isFound: true })], [4, 5]],
])('%s', (_title, rows, expected) => {
  expect(sizes(rows)).toEqual(expected);
});

test('what is sent again is the same job as before, with what is left of it', () => {
  const sent = toGroups(fresh(8), counter());
  const left = sent.slice(3).map(toSent);
  const [before] = toJobs(sent);
  const [again, ...more] = toJobs(toGroups(left, counter()));
  expect(more).toEqual([]);
  expect(again?.id).toBe(before?.id);
});

test('each row is in exactly one job, however many arrive and were found', () => {
  for (const [arrived, found] of [0, 1, 3, 4, 25, 26, 99].flatMap((some) =>
    [0, 2, 4, 51].map((more) => [some, more]),
  ) as [number, number][]) {
    const rows = [...fresh(found, { isFound: true }), ...fresh(arrived), ...fresh(2, { freshFiles: 5_000 })];
    const jobs = toJobs(toGroups(rows));
    const told = jobs.flatMap(({ data }) => ('members' in data ? data.members : [data]));
    expect(told.map(({ outboxId }) => outboxId).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(jobs.length);
  }
});
