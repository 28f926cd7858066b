import { NO_LIMITS } from '@sendit/model';
import { aRoot } from '@sendit/testing';
import { expect, test } from 'vitest';
import { type AgedBeat, dateHealth, type HealthFacts, judgeHealth } from './judge-health.ts';

const NOW = Date.parse('2025-03-01T12:00:00.000Z');
const root = aRoot({ name: 'data', path: '/data' });

function beat(changes: Partial<AgedBeat> = {}): AgedBeat {
  const startedAt = '2025-03-01T11:00:00.000Z';
  return { host: 'a', pid: 1, startedAt, mode: 'postgres', portalUrl: null, roots: [], ageMs: 1_000, ...changes };
}

const worker = (changes: Partial<AgedBeat> = {}): AgedBeat => beat({ host: 'w', pid: 2, role: 'worker', ...changes });
const watcher = (name: string, changes: Partial<AgedBeat> = {}): AgedBeat =>
  beat({ roots: [{ ...root, name }], ...changes });

const WELL: HealthFacts = {
  now: NOW,
  mode: 'postgres',
  isActive: true,
  database: null,
  queue: { counts: { waiting: 0, active: 0, failed: 0 }, problem: null },
  beats: [watcher('data'), worker()],
  roots: [root],
  actions: { pending: 3, running: 1, failed: 0 },
  batches: { missing: 0, unreadable: 0, held: 0, failed: 0, quarantined: 0, late: 0 },
  limits: NO_LIMITS,
  databaseDisk: null,
  oldestAt: null,
  lastAt: new Map(),
  paused: null,
  failing: [],
};
const HOUR = 3_600_000;
const ago = (ms: number): string => new Date(NOW - ms).toISOString();
const LIMITS = { stuckMs: HOUR, diskBelow: { percent: 10 }, queueMs: HOUR, noArrivalMs: HOUR } as const;
const disk = (freeBytes: number) => ({ freeBytes, totalBytes: 100e9, fullAt: null });
const QUEUED = { counts: { waiting: 2, active: 0, failed: 0 }, problem: null };
const REFUSES = { code: 'queue-refuses', message: 'OOM' } as const;

test.each<[string, Partial<HealthFacts>, readonly (readonly [code: string, severity: string, subject: string])[]]>([
  ['all is well', {}, []],
  ['jobs wait and a worker lives', { queue: QUEUED }, []],
  ['jobs wait and none lives', { queue: QUEUED, beats: [watcher('data')] }, [['no-worker', 'error', 'queue']]],
  [
    'jobs run without a sign of life: an older worker',
    { queue: { ...QUEUED, counts: { waiting: 1, active: 1, failed: 0 } }, beats: [] },
    [],
  ],
  ['jobs wait in the embedded size', { mode: 'embedded', queue: QUEUED, beats: [watcher('data')] }, []],
  ['the queue takes no jobs', { queue: { ...QUEUED, problem: REFUSES } }, [['queue-refuses', 'error', 'queue']]],
  [
    'the queue is away',
    { queue: { counts: null, problem: { code: 'queue-unavailable', message: 'x' } } },
    [['queue-unavailable', 'error', 'queue']],
  ],
  [
    'the database is away',
    { database: 'x', beats: null, batches: null, actions: null },
    [['database-unavailable', 'error', 'database']],
  ],
  ['no watcher runs', { isActive: false, beats: [], roots: [] }, [['not-running', 'error', 'watcher']]],
  [
    'the one watcher died',
    { isActive: false, beats: [watcher('data', { ageMs: 60_000 })], roots: [] },
    [['not-running', 'error', 'watcher']],
  ],
  [
    'one of two watchers died',
    { beats: [watcher('data'), watcher('other', { pid: 3, ageMs: 60_000 })] },
    [['watcher-gone', 'error', 'other']],
  ],
  [
    'a watcher died and another took over',
    { beats: [watcher('data'), watcher('data', { pid: 3, ageMs: 60_000 })] },
    [],
  ],
  [
    'one of two workers died',
    { beats: [watcher('data'), worker(), worker({ pid: 3, ageMs: 60_000 })] },
    [['worker-gone', 'warning', 'w 3']],
  ],
  ['a worker died long ago', { beats: [worker(), worker({ pid: 3, ageMs: 7_200_000 })] }, []],
  [
    'a worker died and was started again',
    { beats: [worker({ startedAt: '2025-03-01T11:59:30.000Z' }), worker({ pid: 3, ageMs: 60_000 })] },
    [],
  ],
  ['a path is not watched', { roots: [{ ...root, problem: 'gone' }] }, [['not-watched', 'error', 'data']]],
  ['not every writer can be seen', { roots: [{ ...root, notes: ['others'] }] }, [['writers-unseen', 'info', 'data']]],
  ['a watch lacks something', { roots: [{ ...root, problems: ['a limit'] }] }, [['watch-degraded', 'warning', 'data']]],
  [
    'batches wait for a person',
    { batches: { missing: 1, unreadable: 1, held: 1, failed: 2, quarantined: 1, late: 2 } },
    [
      ['batches-failed', 'warning', 'batches'],
      ['batches-held', 'warning', 'batches'],
      ['batches-quarantined', 'warning', 'batches'],
      ['files-missing', 'warning', 'batches'],
      ['files-unreadable', 'warning', 'batches'],
      ['late-files', 'warning', 'batches'],
    ],
  ],
  [
    'directories wait for a person',
    { roots: [{ ...root, pending: 3, held: 2, quarantined: 1 }] },
    [
      ['directories-held', 'warning', 'data'],
      ['directories-quarantined', 'warning', 'data'],
    ],
  ],
  [
    'something waits for too long',
    { limits: LIMITS, roots: [{ ...root, oldest: { since: ago(2 * HOUR), reason: 'quiet' } }] },
    [['directories-stuck', 'warning', root.name]],
  ],
  [
    'something waits, not for too long',
    { limits: LIMITS, roots: [{ ...root, oldest: { since: ago(HOUR - 1), reason: 'quiet' } }] },
    [],
  ],
  [
    'disks are nearly full',
    { limits: LIMITS, roots: [{ ...root, disk: disk(9e9) }], databaseDisk: disk(1e9) },
    [
      ['disk-low', 'warning', root.name],
      ['disk-low', 'warning', 'database'],
    ],
  ],
  ['a disk has enough', { limits: LIMITS, roots: [{ ...root, disk: disk(10e9) }] }, []],
  [
    'a disk has less than so many bytes',
    { limits: { ...LIMITS, diskBelow: { bytes: 2e9 } }, databaseDisk: disk(1e9) },
    [['disk-low', 'warning', 'database']],
  ],
  ['an import waits for too long', { limits: LIMITS, oldestAt: ago(HOUR) }, [['queue-slow', 'warning', 'queue']]],
  [
    'nothing comes',
    { limits: LIMITS, lastAt: new Map([[root.name, ago(2 * HOUR)]]) },
    [['no-arrivals', 'warning', root.name]],
  ],
  [
    'nothing was sealed, and something arrives',
    {
      limits: LIMITS,
      lastAt: new Map([[root.name, ago(2 * HOUR)]]),
      roots: [{ ...root, oldest: { since: ago(1), reason: 'quiet' } }],
    },
    [],
  ],
  ['nothing ever came', { limits: LIMITS }, []],
  [
    'no limit is set',
    {
      databaseDisk: disk(0),
      oldestAt: ago(99 * HOUR),
      lastAt: new Map([[root.name, ago(99 * HOUR)]]),
      roots: [{ ...root, oldest: { since: ago(99 * HOUR), reason: 'x' } }],
    },
    [],
  ],
  [
    'the queue is paused',
    { paused: { by: 'alice', reason: 'upgrade', at: ago(HOUR) } },
    [['queue-paused', 'warning', 'queue']],
  ],
  [
    'an alert channel takes none',
    { failing: [{ name: 'ops', reason: 'HTTP 500', since: ago(HOUR) }] },
    [['alert-failed', 'warning', 'ops']],
  ],
  ['actions failed', { actions: { pending: 0, running: 0, failed: 1 } }, [['actions-failed', 'warning', 'actions']]],
])('%s', (_, changes, expected) => {
  const { level, problems } = judgeHealth({ ...WELL, ...changes });
  expect(problems.map(({ code, severity, subject }) => [code, severity, subject])).toEqual(expected);
  expect(level).toBe(expected[0]?.[1] ?? 'well');
  for (const { message } of problems) expect(message).not.toBe('');
});

test('the worst comes first', () => {
  const health = judgeHealth({
    ...WELL,
    actions: { pending: 0, running: 0, failed: 2 },
    roots: [{ ...root, problem: 'x' }],
  });
  expect([health.level, ...health.problems.map(({ code }) => code)]).toEqual([
    'error',
    'not-watched',
    'actions-failed',
  ]);
});

test('a problem keeps the time at which it was first seen, and one of a dead process that of its last sign of life', () => {
  const beats = [watcher('data'), watcher('other', { ageMs: 60_000 })];
  const first = dateHealth(judgeHealth({ ...WELL, beats, database: 'away' }), undefined, NOW);
  const since = first.problems.map((problem) => [problem.code, problem.since]);
  expect(since).toEqual([
    ['database-unavailable', '2025-03-01T12:00:00.000Z'],
    ['watcher-gone', '2025-03-01T11:59:00.000Z'],
  ]);
  const later = NOW + 5_000;
  const second = dateHealth(judgeHealth({ ...WELL, now: later, database: 'still away' }), first, later);
  expect(second.problems).toMatchObject([{ since: '2025-03-01T12:00:00.000Z', message: 'still away' }]);
  expect(dateHealth(judgeHealth(WELL), second, later)).toEqual({ level: 'well', problems: [] });
});
