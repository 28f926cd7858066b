import { type BatchSummary, type ErrorBody, type SenditApi, toErrorBody, type WatcherStatus } from '@sendit/api';
import { type Clock, type Logger, systemClock } from '@sendit/model';
import { describeForLog, toSenditError } from './http-error.ts';

/** How many batches the live page shows. */
const LIVE_BATCHES = 50;

/** An `alive` event goes out at least this often, so that a client can tell a quiet installation from a dead connection. */
const ALIVE_MS = 4_000;

/** Value of each channel; a channel sends only changes. */
export interface LiveChannels {
  readonly status: WatcherStatus;
  readonly batches: readonly BatchSummary[];
  /** Why status and batches are not up to date, or null when they are. */
  readonly problem: ErrorBody['error'] | null;
  /** A counter without meaning. */
  readonly alive: number;
}

/** One change, its value already JSON. */
export interface LiveEvent {
  readonly channel: keyof LiveChannels;
  readonly json: string;
}

/** The state of an installation as a stream of changes. */
export interface LiveFeed {
  /** First the present state, then every change, until the signal aborts. A slow reader skips to the newest value of a channel. */
  events(signal: AbortSignal): AsyncGenerator<LiveEvent, void, undefined>;
  /** Readers now. */
  readonly readers: number;
}

/** How often and by which clock the feed polls. */
export interface LiveFeedOptions {
  readonly pollMs: number;
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** A feed over one poller that all readers share; it runs only while somebody reads. */
export function createLiveFeed(api: SenditApi, options: LiveFeedOptions): LiveFeed {
  const { pollMs, logger, clock = systemClock } = options;
  const pollsPerAlive = Math.max(1, Math.floor(ALIVE_MS / pollMs));
  const latest = new Map<keyof LiveChannels, string>();
  const readers = new Set<Reader>();
  let poller: AbortController | undefined;

  function publish<K extends keyof LiveChannels>(channel: K, value: LiveChannels[K]): void {
    const json = JSON.stringify(value);
    if (latest.get(channel) === json) return;
    latest.set(channel, json);
    for (const reader of readers) reader.put(channel, json);
  }

  async function poll(signal: AbortSignal): Promise<void> {
    try {
      const [status, batches] = await Promise.all([api.status(), api.listBatches({ limit: LIVE_BATCHES })]);
      if (signal.aborted) return;
      publish('problem', null);
      publish('status', status);
      publish('batches', batches.results);
    } catch (thrown) {
      if (signal.aborted) return;
      const error = toSenditError(thrown);
      const before = latest.get('problem');
      publish('problem', toErrorBody(error).error);
      if (latest.get('problem') !== before) {
        logger.warning('live page: state unavailable', { error: error.code, ...describeForLog(error.cause) });
      }
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    for (let polls = 0; !signal.aborted; polls += 1) {
      await poll(signal);
      if (polls % pollsPerAlive === 0 && !signal.aborted) publish('alive', polls);
      await clock.sleep(pollMs, signal);
    }
  }

  function join(): Reader {
    const reader = new Reader(latest);
    readers.add(reader);
    if (poller === undefined) {
      poller = new AbortController();
      run(poller.signal).catch((thrown: unknown) => logger.error('live page: poller ended', describeForLog(thrown)));
    }
    return reader;
  }

  function leave(reader: Reader): void {
    readers.delete(reader);
    if (readers.size > 0) return;
    poller?.abort();
    poller = undefined;
    latest.clear();
  }

  return {
    get readers() {
      return readers.size;
    },
    async *events(signal) {
      const reader = join();
      try {
        while (await reader.hasNews(signal)) yield* reader.take();
      } finally {
        leave(reader);
      }
    },
  };
}

/** Values that one reader has not seen yet: at most one per channel, however slow the reader is. */
class Reader {
  #news: Map<keyof LiveChannels, string>;
  #wake: (() => void) | undefined;

  constructor(present: ReadonlyMap<keyof LiveChannels, string>) {
    this.#news = new Map(present);
  }

  put(channel: keyof LiveChannels, json: string): void {
    this.#news.set(channel, json);
    this.#wake?.();
  }

  /** Resolves true as soon as there is something to take, false once the signal aborts. */
  async hasNews(signal: AbortSignal): Promise<boolean> {
    if (this.#news.size === 0 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          signal.removeEventListener('abort', wake);
          this.#wake = undefined;
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener('abort', wake, { once: true });
      });
    }
    return !signal.aborted;
  }

  take(): LiveEvent[] {
    const news = Array.from(this.#news, ([channel, json]) => ({ channel, json }));
    this.#news = new Map();
    return news;
  }
}
