import type { BatchSummary, PendingDirectory } from '@sendit/api';
import { describe, expect, test } from 'vitest';
import { toBatchFilter, toBoardFilter } from './board-filter.ts';
import { toRows } from './board-rows.ts';

function aBatch(id: number, changes: Partial<BatchSummary> = {}): BatchSummary {
  return {
    id: String(id),
    root: 'ct',
    path: `/data/L-${id}`,
    renamedTo: null,
    name: `L-${id}`,
    status: 'DONE',
    stage: 'done',
    unit: 'directory',
    grade: 'renamed',
    files: 1,
    bytes: 1,
    reason: null,
    generation: 1,
    studies: 1,
    series: 1,
    instances: 1,
    findings: 0,
    isLate: false,
    createdAt: new Date(id * 1_000).toISOString(),
    finishedAt: null,
    progress: null,
    ...changes,
  };
}

const PENDING: PendingDirectory = {
  root: 'ct',
  path: '/data/L-99',
  name: 'L-99',
  arrival: 'created',
  outcome: 'hold',
  reason: '',
  since: null,
  decision: null,
  identity: null,
  waitingMs: null,
  unchangedMs: null,
  snapshotDigest: null,
  quietMs: null,
};

describe('rows of the board', () => {
  const sources = { pending: [PENDING], fetched: [aBatch(3), aBatch(2), aBatch(1)], live: [] };
  const toNames = (rows: ReturnType<typeof toRows>) =>
    rows.map((unit) => (unit.kind === 'batch' ? unit.batch.name : unit.pending.name));

  test('what is not sealed stands first, then batches, newest first', () => {
    expect(toNames(toRows(sources, {}, ''))).toEqual(['L-99', 'L-3', 'L-2', 'L-1']);
  });

  test('the live feed brings what is new, and the newest state of what is there', () => {
    const live = [aBatch(4, { status: 'QUEUE' }), aBatch(3, { status: 'ERROR' })];
    const rows = toRows({ ...sources, live }, {}, '');
    expect(rows.map(({ stage }) => stage)).toEqual(['held', 'queued', 'failed', 'done', 'done']);
  });

  test('the live feed brings nothing that a list leaves out', () => {
    const live = [aBatch(5), aBatch(4, { status: 'ERROR', root: 'mr' }), aBatch(3, { status: 'ERROR' })];
    const fetched = [aBatch(2, { status: 'ERROR' })];
    expect(toNames(toRows({ pending: [], fetched, live }, { stage: 'failed', root: 'ct' }, ''))).toEqual([
      'L-3',
      'L-2',
    ]);
    expect(toNames(toRows({ pending: [], fetched, live }, {}, 'L-2'))).toEqual(['L-2']);
  });

  test('a batch that leaves a stage leaves its list', () => {
    const fetched = [aBatch(3, { status: 'HELD' })];
    expect(toNames(toRows({ pending: [], fetched, live: [aBatch(3)] }, { stage: 'held' }, ''))).toEqual([]);
  });

  test('what is late is listed as late and as what it is', () => {
    const fetched = [aBatch(3, { isLate: true })];
    expect(toNames(toRows({ pending: [], fetched, live: [] }, { stage: 'late' }, ''))).toEqual(['L-3']);
    expect(toNames(toRows({ pending: [], fetched, live: [] }, { stage: 'done' }, ''))).toEqual(['L-3']);
  });
});

describe('filters of the board', () => {
  test('an address gives its stage and watch path, and nothing else', () => {
    expect(toBoardFilter({ stage: 'held', root: 'ct', name: 'DOE^JOHN' })).toEqual({ stage: 'held', root: 'ct' });
    expect(toBoardFilter({ stage: 'no such', root: '' })).toEqual({});
  });

  test.each([
    ['', {}],
    ['L-47', { name: '*L-47*' }],
    ['L-4?', { name: 'L-4?' }],
    ['1.2.840.113619.2', { study: '1.2.840.113619.2' }],
  ])('the search %j asks for %j', (search, expected) => {
    expect(toBatchFilter({}, search)).toEqual(expected);
  });

  test('a stage asks for its status; what is not sealed asks for no batch', () => {
    expect(toBatchFilter({ stage: 'failed' }, '')).toEqual({ status: 'ERROR' });
    expect(toBatchFilter({ stage: 'late' }, '')).toEqual({ late: true });
    expect(toBatchFilter({ stage: 'arriving' }, '')).toBeUndefined();
  });
});
