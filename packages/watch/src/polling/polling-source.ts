import { readdir, stat } from 'node:fs/promises';
import { type FileEvent, IN, IN_ISDIR, systemClock, toFileEvent, toErrno } from '@sendit/model';
import { decodeKey } from '../decode-name.ts';
import { Delivery, END } from '../delivery.ts';
import type { Revalidate } from '../mounts/revalidation.ts';
import { singleUse } from '../single-use.ts';
import { fromThrown } from '../watch-error.ts';
import type { BackendOptions, WatchSource } from '../watch-source.ts';
import { flatStatus, type WatchProblem, type WatchStatus } from '../watch-status.ts';

/** Options of the polling backend. */
export interface PollingOptions extends BackendOptions {
  /** Pause between two listings in milliseconds. */
  readonly pollMs: number;
  /** Makes a mount that caches show what is there now. */
  readonly revalidate?: Revalidate | undefined;
  /** Why it is polled although the kernel could see the changes. */
  readonly problem?: WatchProblem | undefined;
}

/** Entry names as latin1 strings, one character per byte, and whether each is a directory. */
type Listing = ReadonlyMap<string, boolean>;

/** Watches one directory by listing it again and again. @throws SenditError `watch-failed` */
export async function openPollingSource(options: PollingOptions): Promise<WatchSource> {
  try {
    const { dev } = await stat(options.path);
    return new PollingSource(options, dev, await list(options.path));
  } catch (thrown) {
    throw fromThrown(options.path, thrown);
  }
}

/** Lists only while someone iterates, so nothing is queued and nothing keeps the process alive in between. */
class PollingSource implements WatchSource {
  readonly backend = 'polling';
  readonly reason: string;
  readonly #options: PollingOptions;
  readonly #device: number;
  readonly #closed = new AbortController();
  readonly #takeOnce = singleUse('events()');
  #known: Listing;
  #inTrouble = false;

  constructor(options: PollingOptions, device: number, known: Listing) {
    this.reason = options.reason;
    this.#options = options;
    this.#device = device;
    this.#known = known;
  }

  events(signal?: AbortSignal): AsyncIterable<FileEvent> {
    this.#takeOnce();
    return this.#iterate(signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]));
  }

  async run(onEvent: (event: FileEvent) => void, signal?: AbortSignal): Promise<void> {
    for await (const event of this.events(signal)) onEvent(event);
  }

  status(): WatchStatus {
    const { problem } = this.#options;
    const status = flatStatus(this, { ended: this.#closed.signal.aborted, overflows: 0 });
    return problem === undefined ? status : { ...status, problems: [problem] };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }

  async *#iterate(ended: AbortSignal): AsyncGenerator<FileEvent, void, void> {
    while (!ended.aborted) {
      const found = await this.#look();
      if (found === 'gone') return yield this.#event('', IN.IN_IGNORED);
      const changes = this.#diff(this.#known, found);
      this.#known = found;
      yield* new Delivery().run(() => changes.next().value ?? END, ended);
      await systemClock.sleep(this.#options.pollMs, ended);
    }
  }

  /** Lists the folder. While the system cannot (a network share that is briefly away), returns the last listing. */
  async #look(): Promise<Listing | 'gone'> {
    const { path, logger, revalidate } = this.#options;
    try {
      await revalidate?.(path);
      const found = await list(path);
      // Another device: unmounted, and the mount point's own entries say nothing about ours. After the listing: it may be of either.
      const { dev } = await stat(path);
      if (dev !== this.#device) return 'gone';
      if (this.#inTrouble) logger.info('The watched directory can be listed again');
      this.#inTrouble = false;
      return found;
    } catch (thrown) {
      const code = toErrno(thrown);
      if (code === 'ENOENT' || code === 'ENOTDIR') return 'gone';
      if (!this.#inTrouble) logger.warning('Cannot list the watched directory, trying again', { code, path });
      this.#inTrouble = true;
      return this.#known;
    }
  }

  *#diff(before: Listing, after: Listing): Generator<FileEvent, undefined, void> {
    const { mask } = this.#options;
    if (mask & IN.IN_DELETE) {
      for (const [key, dir] of before) if (after.get(key) !== dir) yield this.#event(key, IN.IN_DELETE, dir);
    }
    if (mask & IN.IN_CREATE) {
      for (const [key, dir] of after) if (before.get(key) !== dir) yield this.#event(key, IN.IN_CREATE, dir);
    }
    return undefined;
  }

  #event(key: string, bit: number, dir = false): FileEvent {
    const name = decodeKey(key);
    return toFileEvent({ wd: 1, mask: dir ? bit | IN_ISDIR : bit, path: this.#options.path, ...name });
  }
}

async function list(path: string): Promise<Listing> {
  const entries = await readdir(path, { encoding: 'buffer', withFileTypes: true });
  return new Map(entries.map((entry) => [entry.name.toString('latin1'), entry.isDirectory()]));
}
