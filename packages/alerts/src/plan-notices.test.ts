import type { HealthProblem } from '@sendit/api';
import type { AlertRules, HealthCode } from '@sendit/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AlertState } from './alert-state.ts';
import { forgetSilent, markFailed, markTold, type PlannedNotice, planNotices } from './plan-notices.ts';

const MINUTE = 60_000;
const START = Date.parse('2025-03-01T12:00:00.000Z');
const channel = {
  kind: 'exec',
  name: 'ops',
  codes: [],
  least: 'warning',
  resolved: true,
  timeoutMs: 1,
  command: [],
  cwd: '/',
  environment: {},
} as const;
const RULES: AlertRules = { installation: 'x', afterMs: MINUTE, againMs: 10 * MINUTE, channels: [channel] };

function problem(code: HealthCode, changes: Partial<HealthProblem> = {}): HealthProblem {
  return { code, severity: 'warning', since: null, subject: 'batches', message: 'named', ...changes };
}

/** What a channel that takes everything is told, minute by minute. */
function tell(minutes: readonly (readonly HealthProblem[])[], rules = RULES): readonly string[] {
  let state: AlertState = {};
  return minutes.flatMap((problems, minute) => {
    const now = START + minute * MINUTE;
    const plan = planNotices(state, problems, { now, rules });
    const notice = plan.notices.get('ops');
    state = notice === undefined ? plan.state : markTold(plan.state, 'ops', { ...notice, now });
    state = forgetSilent(state, rules);
    return notice === undefined ? [] : toWords(notice).map((words) => `${minute} ${words}`);
  });
}

function toWords({ again, raised, resolved }: PlannedNotice): readonly string[] {
  return Object.entries({ raised, again, resolved }).flatMap(([kind, keys]) => keys.map((key) => `${kind} ${key}`));
}

const FAILED = problem('batches-failed');
const AWAY = problem('database-unavailable', { severity: 'error', subject: 'database' });
const STOPPED = problem('not-running', { severity: 'error', subject: 'watcher' });
const HELD = problem('directories-held', { subject: 'data' });
const times = <T>(count: number, value: T): readonly T[] => Array.from({ length: count }, () => value);

test.each<[string, readonly (readonly HealthProblem[])[], readonly string[], Partial<AlertRules>?]>([
  ['nothing', [[], []], []],
  ['a problem for a moment', [[FAILED], [], []], []],
  ['a problem that stays', [[FAILED], [FAILED], [FAILED]], ['1 raised batches-failed batches']],
  [
    'a problem that is over',
    [[FAILED], [FAILED], [], [], []],
    ['1 raised batches-failed batches', '3 resolved batches-failed batches'],
  ],
  [
    'a problem that is away for a moment',
    [[FAILED], [FAILED], [], [FAILED], [FAILED]],
    ['1 raised batches-failed batches'],
  ],
  [
    'a problem that stays for long',
    times(22, [FAILED]),
    ['1 raised batches-failed batches', '11 again batches-failed batches', '21 again batches-failed batches'],
  ],
  ['told once and never again', times(30, [FAILED]), ['1 raised batches-failed batches'], { againMs: false }],
  ['at once', [[FAILED], []], ['0 raised batches-failed batches', '1 resolved batches-failed batches'], { afterMs: 0 }],
  ['an info', times(3, [problem('writers-unseen', { severity: 'info' })]), []],
  ['another code than the channel wants', times(3, [FAILED]), [], { channels: [{ ...channel, codes: ['disk-low'] }] }],
  [
    'no ends',
    [[FAILED], [FAILED], [], [], [FAILED], [FAILED]],
    ['1 raised batches-failed batches', '5 raised batches-failed batches'],
    { channels: [{ ...channel, resolved: false }] },
  ],
  [
    'it began before anybody looked',
    [[problem('watcher-gone', { since: '2025-03-01T11:00:00.000Z' })]],
    ['0 raised watcher-gone batches'],
  ],
  ['its own failure', times(3, [problem('alert-failed', { subject: 'ops' })]), []],
  [
    "another channel's failure",
    times(2, [problem('alert-failed', { subject: 'mail' })]),
    ['1 raised alert-failed mail'],
  ],
  [
    'what nobody can see while the database is away is not over',
    [[FAILED], [FAILED], [AWAY], [AWAY], [AWAY], [FAILED], [FAILED]],
    [
      '1 raised batches-failed batches',
      '3 raised database-unavailable database',
      '6 resolved database-unavailable database',
    ],
  ],
  [
    'what only a watcher sees is not over when it stops',
    [[HELD, FAILED], [HELD, FAILED], [STOPPED], [STOPPED], [HELD]],
    [
      '1 raised directories-held data',
      '1 raised batches-failed batches',
      '3 raised not-running watcher',
      '3 resolved batches-failed batches',
    ],
  ],
])('%s', (_, minutes, expected, rules = {}) => {
  expect(tell(minutes, { ...RULES, ...rules })).toEqual(expected);
});

test('a channel that takes none is tried after ever longer waits, and told all of it when it takes one again', () => {
  let state = planNotices({}, [FAILED], { now: START, rules: { ...RULES, afterMs: 0 } }).state;
  const tried: number[] = [];
  for (let second = 0; second < 3_600; second += 5) {
    const now = START + second * 1_000;
    const plan = planNotices(state, [FAILED], { now, rules: RULES });
    state = plan.state;
    if (!plan.notices.has('ops')) continue;
    tried.push(second);
    state = markFailed(state, 'ops', { now, reason: 'HTTP 500' });
  }
  expect(tried).toEqual([60, 90, 150, 270, 510, 990, 1890, 2790]);
  expect(state['ops']?.failing).toMatchObject({ reason: 'HTTP 500', attempts: 8, sinceAt: START + MINUTE });
  const last = planNotices(state, [FAILED], { now: START + 3_690_000, rules: RULES });
  expect(last.notices.get('ops')?.raised).toEqual(['batches-failed batches']);
});

test('whatever happens, raised and resolved alternate, and nothing is told again too soon', () => {
  const codes = ['batches-failed', 'disk-low', 'database-unavailable', 'not-running'] as const;
  const step = fc.record({
    waitMs: fc.integer({ min: 0, max: 5 * MINUTE }),
    stands: fc.subarray([...codes]),
    isTaken: fc.boolean(),
    isRestarted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let [state, now]: [AlertState, number] = [{}, START];
      const told = new Map<string, number>();
      for (const { isRestarted, isTaken, stands, waitMs } of steps) {
        now += waitMs;
        if (isRestarted) state = JSON.parse(JSON.stringify(state)) as AlertState;
        const plan = planNotices(
          state,
          stands.map((code) => problem(code)),
          { now, rules: RULES },
        );
        state = plan.state;
        const notice = plan.notices.get('ops');
        if (notice === undefined) continue;
        for (const key of notice.raised) expect(told.has(key)).toBe(false);
        for (const key of [...notice.again, ...notice.resolved]) expect(told.has(key)).toBe(true);
        for (const key of notice.again) expect(now - (told.get(key) ?? now)).toBeGreaterThanOrEqual(10 * MINUTE);
        if (!isTaken) {
          state = markFailed(state, 'ops', { now, reason: 'x' });
          continue;
        }
        state = markTold(state, 'ops', { ...notice, now });
        for (const key of [...notice.raised, ...notice.again]) told.set(key, now);
        for (const key of notice.resolved) told.delete(key);
      }
    }),
  );
});
