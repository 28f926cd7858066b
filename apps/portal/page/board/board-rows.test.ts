import type { BatchSummary, PendingUnit } from '@sendit/api';
import { describe, expect, test } from 'vitest';
import { toBatchQuery, toBoardFilter } from './board-filter.ts';
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

const PENDING: PendingUnit = {
  root: 'ct',
  path: '/data/L-99',
  name: 'L-99',
  arrival: 'created',
  outcome: 'hold',
  stage: 'held',
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
    const live = [aBatch(4, { stage: 'queued' }), aBatch(3, { stage: 'failed' })];
    const rows = toRows({ ...sources, live }, {}, '');
    expect(rows.map(({ stage }) => stage)).toEqual(['held', 'queued', 'failed', 'done', 'done']);
  });

  test('the live feed brings nothing that a list leaves out', () => {
    const live = [aBatch(5), aBatch(4, { stage: 'failed', root: 'mr' }), aBatch(3, { stage: 'failed' })];
    const fetched = [aBatch(2, { stage: 'failed' })];
    expect(toNames(toRows({ pending: [], fetched, live }, { stage: 'failed', root: 'ct' }, ''))).toEqual([
      'L-3',
      'L-2',
    ]);
    expect(toNames(toRows({ pending: [], fetched, live }, {}, 'L-2'))).toEqual(['L-2']);
  });

  test('a batch that leaves a stage leaves its list', () => {
    const fetched = [aBatch(3, { stage: 'held' })];
    expect(toNames(toRows({ pending: [], fetched, live: [aBatch(3)] }, { stage: 'held' }, ''))).toEqual([]);
  });

  test('whether something new needs a person or comes first by name, only the server can tell', () => {
    const live = [aBatch(5, { stage: 'failed' })];
    expect(toNames(toRows({ pending: [], fetched: [], live }, { attention: true }, ''))).toEqual([]);
    expect(toNames(toRows({ pending: [], fetched: [], live }, { sort: 'name' }, ''))).toEqual([]);
  });
});

describe('filters of the board', () => {
  test('an address gives its stage and watch path, and nothing else', () => {
    expect(toBoardFilter({ stage: 'held', root: 'ct', sort: '-files', name: 'DOE^JOHN' })).toEqual({
      stage: 'held',
      root: 'ct',
      sort: '-files',
    });
    expect(toBoardFilter({ stage: 'no such', root: '', sort: 'patient' })).toEqual({});
  });

  test.each([
    ['', {}],
    ['L-47', { name: '*L-47*' }],
    ['L-4?', { name: 'L-4?' }],
    ['1.2.840.113619.2', { study: '1.2.840.113619.2' }],
  ])('the search %j asks for %j', (search, expected) => {
    expect(toBatchQuery({}, search)).toEqual(expected);
  });

  test('a stage asks for its batches; what is not sealed asks for none', () => {
    expect(toBatchQuery({ stage: 'failed', sort: '-bytes' }, '')).toEqual({ stage: ['failed'], sort: '-bytes' });
    expect(toBatchQuery({ attention: true, root: 'ct' }, '')).toEqual({ needsAttention: true, root: 'ct' });
    expect(toBatchQuery({ stage: 'settling' }, '')).toBeUndefined();
  });
});
