import { type Clock, type Logger, SenditError, silentLogger } from '@sendit/model';
import { describe, expect, test, vi } from 'vitest';
import { aBatch, createFakeApi } from '@sendit/testing';
import { createLiveFeed, type LiveEvent } from './live-feed.ts';

/** A clock whose sleepers wake when the test says so. */
function createHeldClock(): Clock & { tick(): void; readonly sleepers: number } {
  const sleepers = new Set<() => void>();
  return {
    now: () => 0,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers.delete(wake);
          resolve();
        };
        sleepers.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    tick: () => {
      for (const wake of sleepers) wake();
    },
    get sleepers() {
      return sleepers.size;
    },
  };
}

function openFeed(logger: Logger = silentLogger) {
  const api = createFakeApi(aBatch('1'));
  const clock = createHeldClock();
  return { api, clock, feed: createLiveFeed(api, { pollMs: 1000, logger, clock }) };
}

/** Takes events until one of the channel comes. */
async function next(events: AsyncGenerator<LiveEvent>, channel: string): Promise<unknown> {
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) throw new Error('The feed ended.');
    if (value.channel === channel) return JSON.parse(value.json);
  }
}

describe('the live feed', () => {
  test('does nothing while nobody reads', () => {
    const { api, clock } = openFeed();
    expect([api.calls.status, clock.sleepers]).toEqual([0, 0]);
  });

  test('gives every reader the present state first', async () => {
    const { api, feed } = openFeed();
    const stop = new AbortController();
    const first = feed.events(stop.signal);
    const second = feed.events(stop.signal);
    expect(await next(first, 'status')).toEqual(api.watcher);
    expect(await next(first, 'batches')).toMatchObject([{ id: '1' }]);
    expect(await next(second, 'batches')).toMatchObject([{ id: '1' }]);
    stop.abort();
  });

  test('polls once for all readers and stops with the last one', async () => {
    const { api, clock, feed } = openFeed();
    const readers = [1, 2, 3].map(() => new AbortController());
    const streams = readers.map(({ signal }) => feed.events(signal));
    await Promise.all(streams.map((stream) => next(stream, 'batches')));
    expect(api.calls.listBatches).toBe(1);
    expect(clock.sleepers).toBe(1);
    for (const reader of readers) reader.abort();
    await Promise.all(streams.map((stream) => stream.return()));
    expect(feed.readers).toBe(0);
    await vi.waitFor(() => expect(clock.sleepers).toBe(0));
    expect(api.calls.listBatches).toBe(1);
  });

  test('says nothing while nothing changes, and only what changed', async () => {
    const { api, clock, feed } = openFeed();
    const stop = new AbortController();
    const events = feed.events(stop.signal);
    await next(events, 'batches');
    for (let polls = 2; polls <= 4; polls += 1) {
      await vi.waitFor(() => expect(clock.sleepers).toBe(1));
      clock.tick();
      await vi.waitFor(() => expect(api.calls.listBatches).toBe(polls));
    }
    api.batches = [aBatch('2'), ...api.batches];
    const seen: string[] = [];
    const reading = (async () => {
      for await (const event of events) {
        seen.push(event.channel);
        if (event.channel === 'batches') return;
      }
    })();
    await vi.waitFor(() => expect(clock.sleepers).toBe(1));
    clock.tick();
    await reading;
    expect(seen.filter((channel) => channel !== 'alive')).toEqual(['batches']);
    stop.abort();
  });

  test('a slow reader gets the newest state instead of every state', async () => {
    const { api, clock, feed } = openFeed();
    const stop = new AbortController();
    const events = feed.events(stop.signal);
    await next(events, 'batches');
    for (let round = 2; round <= 6; round += 1) {
      api.batches = [aBatch(String(round))];
      await vi.waitFor(() => expect(clock.sleepers).toBe(1));
      clock.tick();
      await vi.waitFor(() => expect(api.calls.listBatches).toBe(round));
    }
    await vi.waitFor(() => expect(clock.sleepers).toBe(1));
    expect(await next(events, 'batches')).toMatchObject([{ id: '6' }]);
    stop.abort();
  });

  test('reports a failing installation once, and that it works again', async () => {
    const warning = vi.fn<Logger['warning']>();
    const { api, clock, feed } = openFeed({ ...silentLogger, warning });
    const stop = new AbortController();
    const events = feed.events(stop.signal);
    await next(events, 'batches');
    api.failure = new SenditError('No database.', { code: 'database-unavailable', hint: 'Start it.' });
    await vi.waitFor(() => expect(clock.sleepers).toBe(1));
    clock.tick();
    expect(await next(events, 'problem')).toMatchObject({ code: 'database-unavailable', hint: 'Start it.' });
    await vi.waitFor(() => expect(clock.sleepers).toBe(1));
    clock.tick();
    await vi.waitFor(() => expect(clock.sleepers).toBe(1));
    expect(warning).toHaveBeenCalledTimes(1);
    api.failure = undefined;
    clock.tick();
    expect(await next(events, 'problem')).toBeNull();
    stop.abort();
  });

  test('ends when the signal aborts, also before anything was read', async () => {
    const { feed } = openFeed();
    expect((await feed.events(AbortSignal.abort()).next()).done).toBe(true);
    expect(feed.readers).toBe(0);
  });
});
