import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionState } from './follow-live.ts';

/** The browser's EventSource, in a test's hands. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 1;

  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }

  say(channel: string, value: unknown = null): void {
    this.dispatchEvent(new MessageEvent(channel, { data: JSON.stringify(value) }));
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }
}

beforeEach(() => {
  FakeSource.all = [];
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal(
    'document',
    Object.assign(new EventTarget(), { baseURI: 'http://host/sub/', visibilityState: 'visible' }),
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function follow() {
  const { followLive } = await import('./follow-live.ts');
  const states: ConnectionState[] = [];
  const ignore = (): void => undefined;
  followLive({ onConnection: (state) => states.push(state), onStatus: ignore, onBatches: ignore, onProblem: ignore });
  const [first] = FakeSource.all;
  if (first === undefined) throw new TypeError('Expected the feed to be opened.');
  return { states, first };
}

test('asks below the path that the page lies under', async () => {
  const { first } = await follow();
  expect(first.url).toBe('http://host/sub/api/live');
});

test('a feed that says that it lives is live, however quiet the installation is', async () => {
  const { states, first } = await follow();
  first.say('hello');
  for (let turn = 0; turn < 20; turn += 1) {
    vi.advanceTimersByTime(4_000);
    first.say('alive', turn);
  }
  expect(states).toEqual(['live']);
});

test('a frozen server is lost within 15 s, and asked again until it answers', async () => {
  const { states, first } = await follow();
  first.say('hello');
  vi.advanceTimersByTime(12_000);
  expect(states).toEqual(['live', 'lost']);
  expect(first.readyState).toBe(FakeSource.CLOSED);
  vi.advanceTimersByTime(2_000);
  FakeSource.all.at(-1)?.say('hello');
  expect(states).toEqual(['live', 'lost', 'live']);
});

test('a server that accepts the connection and never says anything is lost too', async () => {
  const { states } = await follow();
  vi.advanceTimersByTime(12_000);
  expect(states).toEqual(['lost']);
});

test('a broken connection is lost at once', async () => {
  const { states, first } = await follow();
  first.say('hello');
  first.dispatchEvent(new Event('error'));
  expect(states).toEqual(['live', 'lost']);
});
