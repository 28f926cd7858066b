import { basename, dirname, join, relative } from 'node:path';
import { type FileEvent, IN, IN_ISDIR, toFileEvent, toMessage } from '@sendit/model';
import { type FSWatcher, watch } from 'chokidar';
import { Delivery, END } from '../delivery.ts';
import { singleUse } from '../single-use.ts';
import { fromThrown } from '../watch-error.ts';
import type { BackendOptions, WatchSource } from '../watch-source.ts';
import { flatStatus, type WatchStatus } from '../watch-status.ts';
import { ChokidarTree, type ChokidarTreeDeps } from './chokidar-tree.ts';
import { isInPlace, readRoot, type WatchedRoot } from './watched-root.ts';

/** At this many undelivered events the rest is dropped and IN_Q_OVERFLOW takes its place. */
const MAX_QUEUED_EVENTS = 65_536;

/** chokidar's words in inotify's. */
const MASKS: Readonly<Record<string, number>> = {
  add: IN.IN_CREATE,
  addDir: IN.IN_CREATE | IN_ISDIR,
  change: IN.IN_MODIFY,
  unlink: IN.IN_DELETE,
  unlinkDir: IN.IN_DELETE | IN_ISDIR,
};

/** Options of the chokidar backend; the bound is settable for tests. */
export interface ChokidarOptions extends BackendOptions {
  readonly maxQueuedEvents?: number;
  /** The subdirectories too, compared with the disk at these pauses; absent: one directory. */
  readonly tree?: Pick<ChokidarTreeDeps, 'recheckMs' | 'rescanMs'>;
}

/** Watches one directory with chokidar, on any platform. @throws SenditError `watch-failed` */
export async function openChokidarSource(options: ChokidarOptions): Promise<WatchSource> {
  const root = await readRoot(options.path);
  const watcher = watch(root.path, {
    ...(options.tree === undefined ? { depth: 0 } : {}),
    ignoreInitial: true,
    // Links within the root are entries, as for inotify; the root itself was resolved.
    followSymlinks: false,
    // Otherwise names such as `x.swp` and `x~` are left out, and an unlink is held back for 100 ms.
    atomic: false,
    ignorePermissionErrors: true,
  });
  try {
    return await new Promise<WatchSource>((resolve, reject) => {
      watcher.once('ready', () => resolve(new ChokidarSource(options, root, watcher)));
      watcher.once('error', (error) => reject(fromThrown(options.path, error)));
    });
  } catch (thrown) {
    await close(watcher);
    throw thrown;
  }
}

async function close(watcher: FSWatcher): Promise<void> {
  const closing = watcher.close();
  // Closing removes the listeners, and a read still under way may fail: that must not end the process.
  watcher.on('error', () => undefined);
  await closing;
}

class ChokidarSource implements WatchSource {
  readonly backend = 'chokidar';
  readonly reason: string;
  readonly #options: ChokidarOptions;
  readonly #root: WatchedRoot;
  readonly #watcher: FSWatcher;
  readonly #tree: ChokidarTree | undefined;
  readonly #delivery = new Delivery();
  readonly #closed = new AbortController();
  readonly #takeOnce = singleUse('events()');
  /** Arrived; becomes `#leaving` once that is consumed. */
  #arrived: FileEvent[] = [];
  #leaving: FileEvent[] = [];
  #taken = 0;
  #overflowed = false;
  #overflows = 0;
  /** `again`: something happened during a look at the root, which may have been too early. */
  #look: 'idle' | 'looking' | 'again' = 'idle';
  #gone: 'no' | 'yes' | 'told' = 'no';

  constructor(options: ChokidarOptions, root: WatchedRoot, watcher: FSWatcher) {
    this.reason = options.reason;
    this.#options = options;
    this.#root = root;
    this.#watcher = watcher;
    const onFound = (word: string, path: string): void => this.#queue(word, path);
    this.#tree = options.tree && new ChokidarTree({ ...options.tree, root: root.path, watcher, onFound });
    watcher.on('all', (word, path) => this.#accept(word, path));
    watcher.on('raw', () => void this.#lookAtRoot());
    watcher.on('error', (error) => this.#lose(error));
  }

  events(signal?: AbortSignal): AsyncIterable<FileEvent> {
    this.#takeOnce();
    return this.#iterate(signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]));
  }

  async run(onEvent: (event: FileEvent) => void, signal?: AbortSignal): Promise<void> {
    for await (const event of this.events(signal)) onEvent(event);
  }

  status(): WatchStatus {
    const status = flatStatus(this, { ended: this.#closed.signal.aborted, overflows: this.#overflows });
    if (this.#tree === undefined) return status;
    const { rescans, foundByRescan } = this.#tree;
    return { ...status, rescans, foundByRescan };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#tree?.[Symbol.dispose]();
    await close(this.#watcher);
  }

  async *#iterate(ended: AbortSignal): AsyncGenerator<FileEvent, void, void> {
    try {
      yield* this.#delivery.run(() => this.#next(), ended);
    } finally {
      await this.close();
    }
  }

  #next(): FileEvent | undefined | typeof END {
    if (this.#taken === this.#leaving.length) {
      this.#leaving = this.#arrived;
      this.#arrived = [];
      this.#taken = 0;
    }
    const event = this.#leaving[this.#taken];
    if (event !== undefined) {
      this.#taken += 1;
      return event;
    }
    if (this.#overflowed) {
      this.#overflowed = false;
      this.#overflows += 1;
      void this.#tree?.rescan();
      return this.#event('', IN.IN_Q_OVERFLOW, -1);
    }
    if (this.#gone === 'told') return END;
    if (this.#gone === 'no') return undefined;
    this.#gone = 'told';
    return this.#event('', IN.IN_IGNORED);
  }

  #accept(word: string, path: string): void {
    if (path === this.#root.path) return void this.#lookAtRoot();
    // What is dropped now is not told: the comparison after the overflow tells of it.
    if (this.#overflowed || this.#tree?.note(word, path) === false) return;
    this.#queue(word, path);
  }

  #queue(word: string, path: string): void {
    const mask = MASKS[word] ?? 0;
    const name = relative(this.#root.path, path);
    if ((mask & this.#options.mask) === 0 || this.#overflowed) return;
    const waiting = this.#arrived.length + this.#leaving.length - this.#taken;
    this.#overflowed = waiting >= (this.#options.maxQueuedEvents ?? MAX_QUEUED_EVENTS);
    if (!this.#overflowed) this.#arrived.push(this.#event(name, mask));
    this.#delivery.notify();
  }

  /** chokidar could not read or watch something: what happens there is not seen. */
  #lose(error: unknown): void {
    this.#options.logger.error('The watch may miss events', { path: this.#options.path, reason: toMessage(error) });
    this.#overflowed = true;
    this.#delivery.notify();
  }

  /** chokidar stays silent when an empty root goes away, and its watch follows a root that is moved. */
  async #lookAtRoot(): Promise<void> {
    if (this.#gone !== 'no') return;
    if (this.#look !== 'idle') {
      this.#look = 'again';
      return;
    }
    do {
      this.#look = 'looking';
      if (!(await isInPlace(this.#root))) this.#gone = 'yes';
    } while (this.#look !== 'looking' && this.#gone === 'no');
    this.#look = 'idle';
    this.#delivery.notify();
  }

  #event(name: string, mask: number, wd = 1): FileEvent {
    const folder = dirname(name);
    const { path } = this.#options;
    return toFileEvent({ wd, mask, path: folder === '.' ? path : join(path, folder), name: basename(name) });
  }
}
