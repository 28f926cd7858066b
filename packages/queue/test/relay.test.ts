import { type OutboxRow, SenditError } from '@sendit/model';
import { expect, test, vi } from 'vitest';
import { createWake, runRelay } from '../src/index.ts';
import type { RelayDeps } from '../src/relay.ts';
import type { Wake } from '../src/wake.ts';
import { type HeldClock, heldClock, type MemoryOutbox, memoryOutbox } from './memory-outbox.ts';
import { recordingLogger, row, rows } from './queue-fixture.ts';

type Add = (rows: readonly OutboxRow[]) => Promise<void>;

interface Setup extends AsyncDisposable {
  readonly clock: HeldClock;
  readonly outbox: MemoryOutbox;
  readonly logger: ReturnType<typeof recordingLogger>;
  readonly wake: Wake;
}

/** Relays in this process with a queue that is only a function; they poll so rarely that only a wake moves them. */
function startRelay(add: Add, options: Partial<RelayDeps> & { relays?: number } = {}): Setup {
  const clock = heldClock();
  const outbox = memoryOutbox(clock);
  const logger = recordingLogger();
  const controller = new AbortController();
  const wakes = Array.from({ length: options.relays ?? 1 }, () => createWake());
  const wake: Wake = {
    wake: () => {
      for (const each of wakes) each.wake();
    },
    wait: () => Promise.reject(new Error('not a relay')),
  };
  const deps = { outbox, queue: { add }, clock, logger, pollMs: 1_000_000, ...options };
  const relays = wakes.map((each) => runRelay({ ...deps, wake: each }, controller.signal));
  return {
    clock,
    outbox,
    logger,
    wake,
    [Symbol.asyncDispose]: async () => {
      controller.abort();
      await Promise.all(relays);
    },
  };
}

test('a woken relay sends what is in the outbox and marks it', async () => {
  const sent: string[] = [];
  await using relay = startRelay(async (added) => void sent.push(...added.map((each) => each.id)));
  const [first, second] = [row(), row()];
  relay.outbox.append(first);
  relay.outbox.append(second);
  relay.wake.wake();
  await vi.waitFor(() => expect(relay.outbox.marked).toEqual([first.id, second.id]));
  expect(sent).toEqual([first.id, second.id]);
});

test('a full outbox is emptied without waiting for the next poll', async () => {
  let sent = 0;
  await using relay = startRelay(async (added) => {
    sent += added.length;
  });
  for (const each of rows(450)) relay.outbox.append(each);
  relay.wake.wake();
  await vi.waitFor(() => expect(sent).toBe(450));
});

test('of what a scan found one job in eight goes among what arrives', async () => {
  const sent: OutboxRow[] = [];
  await using relay = startRelay(async (added) => void sent.push(...added));
  for (const each of rows(16)) relay.outbox.append({ ...each, isFound: true });
  relay.wake.wake();
  await vi.waitFor(() => expect(sent).toHaveLength(16));
  expect(sent.map(({ isFound }, at) => (isFound === false ? at : -1)).filter((at) => at >= 0)).toEqual([7, 15]);
});

test('an outage of the queue loses nothing and makes two lines in the log', async () => {
  let failures = 0;
  const sent: string[] = [];
  await using relay = startRelay(async (added) => {
    failures += 1;
    if (failures <= 5) throw new SenditError('the queue is away', { code: 'queue-unavailable', retry: 'safe' });
    sent.push(...added.map((each) => each.id));
  });
  const added = row();
  relay.outbox.append(added);
  relay.wake.wake();
  await vi.waitFor(() => expect(relay.outbox.marked).toEqual([added.id]));
  expect(sent).toEqual([added.id]);
  expect(relay.logger.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
    'warning: the import queue does not answer; trying again until it does',
    'info: the import queue answers again',
  ]);
});

test('an outage of the outbox is survived before and after the send', async () => {
  const clock = heldClock();
  const inner = memoryOutbox(clock);
  let calls = 0;
  const flaky = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls % 2 === 1) throw new Error('the database is away');
    return work();
  };
  const outbox: MemoryOutbox = {
    ...inner,
    size: 0,
    claim: (options) => flaky(() => inner.claim(options)),
    markSent: (ids, options) => flaky(() => inner.markSent(ids, options)),
  };
  const sent: string[] = [];
  const added = row();
  inner.append(added);
  await using _relay = startRelay(async (each) => void sent.push(...each.map(({ id }) => id)), {
    clock,
    outbox,
    pollMs: 1,
  });
  await vi.waitFor(() => expect(inner.marked).toEqual([added.id]));
  expect(new Set(sent)).toEqual(new Set([added.id]));
});

test('a row whose effect is missing is sent again after the resend time, and no more once it is there', async () => {
  const sent: string[] = [];
  await using relay = startRelay(async (added) => void sent.push(...added.map((each) => each.id)), {
    resendAfterMs: 60_000,
  });
  const added = row();
  relay.outbox.append(added);
  relay.wake.wake();
  await vi.waitFor(() => expect(relay.outbox.marked).toHaveLength(1));

  relay.clock.advance(59_999);
  const marker = row();
  relay.outbox.append(marker);
  relay.wake.wake();
  await vi.waitFor(() => expect(sent).toEqual([added.id, marker.id]));

  relay.clock.advance(1);
  relay.wake.wake();
  await vi.waitFor(() => expect(sent).toEqual([added.id, marker.id, added.id]));

  await vi.waitFor(() => expect(relay.outbox.marked).toHaveLength(3));
  relay.outbox.delete(added.id);
  relay.clock.advance(60_000);
  relay.wake.wake();
  await vi.waitFor(() => expect(sent).toEqual([added.id, marker.id, added.id, marker.id]));
});

test('two relays on one outbox send every row once', async () => {
  const sent: string[] = [];
  await using relay = startRelay(async (added) => void sent.push(...added.map((each) => each.id)), { relays: 2 });
  const added = rows(300);
  for (const each of added) relay.outbox.append(each);
  relay.wake.wake();
  await vi.waitFor(() => expect(relay.outbox.marked).toHaveLength(300));
  expect(sent.toSorted()).toEqual(added.map((each) => each.id).toSorted());
});
