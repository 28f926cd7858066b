import type { HealthProblem } from '@sendit/api';
import { silentLogger, systemClock } from '@sendit/model';
import { expect, test } from 'vitest';
import type { Notice } from './notice.ts';
import { type AlertStore, createSender } from './run-alerts.ts';

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
const FAILED: HealthProblem = {
  code: 'batches-failed',
  severity: 'warning',
  since: null,
  subject: 'DOE^JOHN',
  count: 2,
  message: 'DOE^JOHN failed',
};

/** A store in memory with one lease, as the database keeps it. */
function createStore(): AlertStore & { value: unknown; holder: string | undefined; isAway: boolean } {
  const store = {
    value: null as unknown,
    holder: undefined as string | undefined,
    isAway: false,
    async lease(holder: string) {
      if (store.isAway) throw new Error('away');
      store.holder ??= holder;
      return store.holder === holder ? { value: store.value } : undefined;
    },
    async keep(holder: string, value: unknown) {
      if (store.isAway) throw new Error('away');
      if (store.holder !== holder) return false;
      store.value = JSON.parse(JSON.stringify(value));
      return true;
    },
    async release() {
      store.holder = undefined;
    },
  };
  return store;
}

function open(store: AlertStore, holder: string) {
  const sent: Notice[] = [];
  const at = { now: 0, problems: [FAILED] as readonly HealthProblem[], takes: true };
  const sender = createSender({
    rules: { installation: 'here', afterMs: 0, againMs: false, channels: [channel] },
    readProblems: async () => at.problems,
    store,
    holder,
    clock: systemClock,
    now: () => at.now,
    logger: silentLogger,
    send: async (_channel, notice) => {
      if (!at.takes) return { kind: 'failed', reason: 'HTTP 500' };
      sent.push(notice);
      return { kind: 'sent' };
    },
  });
  const look = async (now: number): Promise<void> => {
    at.now = now;
    await sender.look(new AbortController().signal);
  };
  return { at, sent, look };
}

test('one of two processes tells, and after it died the other one repeats nothing', async () => {
  const store = createStore();
  const [one, other] = [open(store, 'one'), open(store, 'other')];
  await one.look(1);
  await other.look(2);
  expect([one.sent.length, other.sent.length]).toEqual([1, 0]);
  store.holder = undefined;
  await other.look(3);
  expect(other.sent).toEqual([]);
  other.at.problems = [];
  await other.look(4);
  expect(other.sent.map(({ resolved }) => resolved.map(({ code }) => code))).toEqual([['batches-failed']]);
  // The first one is not dead, and has lost the lease.
  await one.look(5);
  expect(one.sent).toHaveLength(1);
});

test('a notice holds codes and counts, and no word of the problem', async () => {
  const { look, sent } = open(createStore(), 'one');
  await look(Date.parse('2025-03-01T12:00:00.000Z'));
  expect(sent).toMatchObject([
    {
      type: 'health.changed',
      installation: 'here',
      level: 'warning',
      raised: [{ code: 'batches-failed', count: 2, message: '2 batches ended in ERROR.' }],
      resolved: [],
    },
  ]);
  expect(JSON.stringify(sent)).not.toContain('DOE');
});

test('while the database is away, the last sender goes on from memory, and stores it afterwards', async () => {
  const store = createStore();
  const { at, look, sent } = open(store, 'one');
  await look(1);
  store.isAway = true;
  at.problems = [{ ...FAILED, code: 'database-unavailable', severity: 'error' }];
  await look(2);
  await look(3);
  expect(sent.map(({ raised }) => raised.map(({ code }) => code))).toEqual([
    ['batches-failed'],
    ['database-unavailable'],
  ]);
  store.isAway = false;
  await look(4);
  expect(Object.keys((store.value as { ops: { alarms: object } }).ops.alarms)).toHaveLength(2);
  const other = open(createStore(), 'other');
  other.at.problems = at.problems;
  expect(sent).toHaveLength(2);
});

test('what was not taken is sent again under the same id', async () => {
  const { at, look, sent } = open(createStore(), 'one');
  at.takes = false;
  await look(1);
  at.takes = true;
  await look(2);
  expect(sent).toEqual([]);
  await look(30_001);
  await look(30_002);
  expect(sent).toHaveLength(1);
  const again = open(createStore(), 'one');
  await again.look(1);
  expect(again.sent[0]?.id).toBe(sent[0]?.id);
});
