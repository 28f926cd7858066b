import { getSystemErrorName } from 'node:util';
import { type FileEvent, IN, toFileEvent } from '@sendit/model';
import { decodeKey } from '../decode-name.ts';
import { Delivery, END } from '../delivery.ts';
import { singleUse } from '../single-use.ts';
import { fromThrown, toWatchError } from '../watch-error.ts';
import type { BackendOptions, WatchSource } from '../watch-source.ts';
import { flatStatus, type WatchStatus } from '../watch-status.ts';
import type { InotifyBinding } from './binding.ts';
import { Reader } from './reader.ts';
import type { InotifyRecord } from './record-queue.ts';

const IN_ONLYDIR = 0x0100_0000;

/** Halves of moves that wait for the other one. Most are adjacent; one whose target lies outside the root waits in vain. */
const MAX_OPEN_MOVES = 1024;

/** Options of the inotify backend; the bound is settable for tests. */
export interface InotifyOptions extends BackendOptions {
  readonly binding: InotifyBinding;
  readonly maxQueuedBytes?: number;
}

/** Watches one directory with an inotify instance of its own. @throws SenditError `watch-failed` */
export function openInotifySource(options: InotifyOptions): WatchSource {
  return new InotifySource(options);
}

/**
 * States: `reading` (the reader collects records), `finished` (the root is gone, one last IN_IGNORED may wait), `closed` (the instance is
 * freed).
 */
class InotifySource implements WatchSource {
  readonly backend = 'inotify';
  readonly reason: string;
  readonly #path: string;
  readonly #binding: InotifyBinding;
  readonly #delivery = new Delivery();
  readonly #closed = new AbortController();
  readonly #openMoves = new Map<number, string>();
  readonly #takeOnce = singleUse('events() or run()');
  readonly #watch: Readonly<{ path: Uint8Array; mask: number; wd: number }>;
  readonly #reader: Reader;
  /** Delivered in place of what is queued, then the iteration ends. */
  #last: FileEvent | undefined;
  #finished = false;
  #overflows = 0;

  constructor({ path, mask, reason, binding, maxQueuedBytes }: InotifyOptions) {
    this.#path = path;
    this.reason = reason;
    this.#binding = binding;
    const instance = this.#orThrow(binding.init());
    const request = {
      path: Buffer.from(`${path}\0`),
      mask: mask | IN.IN_DELETE_SELF | IN.IN_MOVE_SELF | IN_ONLYDIR,
    };
    const wd = binding.addWatch(instance, request.path, request.mask);
    if (wd < 0) binding.close(instance);
    this.#watch = { ...request, wd: this.#orThrow(wd) };
    const onRecords = (): void => this.#delivery.notify();
    const reader = Reader.adopt(binding, instance, { onRecords, maxQueuedBytes });
    if (typeof reader === 'number') throw toWatchError(path, getSystemErrorName(reader));
    this.#reader = reader;
  }

  events(signal?: AbortSignal): AsyncIterable<FileEvent> {
    this.#takeOnce();
    return this.#iterate(signal);
  }

  async run(onEvent: (event: FileEvent) => void, signal?: AbortSignal): Promise<void> {
    this.#takeOnce();
    this.#reader.ref();
    try {
      await this.#delivery.drain(() => this.#next(), onEvent, this.#until(signal));
    } finally {
      this.#close();
    }
  }

  status(): WatchStatus {
    return flatStatus(this, { ended: this.#closed.signal.aborted, overflows: this.#overflows });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.#close();
    await this.#reader.closed();
  }

  async *#iterate(signal?: AbortSignal): AsyncGenerator<FileEvent, void, void> {
    this.#reader.ref();
    try {
      yield* this.#delivery.run(() => this.#next(), this.#until(signal));
    } finally {
      this.#close();
    }
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
  }

  #close(): void {
    this.#closed.abort();
    this.#reader.close();
  }

  #orThrow(result: number): number {
    if (result < 0) throw toWatchError(this.#path, getSystemErrorName(result));
    return result;
  }

  #next(): FileEvent | undefined | typeof END {
    for (;;) {
      const last = this.#last;
      this.#last = undefined;
      if (last !== undefined) return last;
      if (this.#finished) return END;
      const record = this.#take();
      if (record === undefined) return undefined;
      if (record.wd === -1 || record.wd === this.#watch.wd) return this.#toEvent(record);
    }
  }

  #take(): InotifyRecord | undefined {
    try {
      return this.#reader.take();
    } catch (thrown) {
      throw fromThrown(this.#path, thrown);
    }
  }

  #toEvent({ wd, mask, cookie, key, heardAt }: InotifyRecord): FileEvent {
    if (mask & IN.IN_IGNORED) this.#finished = true;
    if (mask & IN.IN_MOVE_SELF) this.#finish();
    if (mask & IN.IN_Q_OVERFLOW) this.#overflows += 1;
    if (mask & IN.IN_Q_OVERFLOW && !this.#isStillWatched()) this.#finish();
    const { name, rawName } = decodeKey(key);
    const event = toFileEvent({
      wd,
      mask,
      path: this.#path,
      name,
      rawName,
      cookie: cookie === 0 ? undefined : cookie,
      srcPathname: mask & IN.IN_MOVED_TO ? this.#pair(cookie) : undefined,
      heardAt,
    });
    if (mask & IN.IN_MOVED_FROM) this.#remember(cookie, event.pathname);
    return event;
  }

  #remember(cookie: number, pathname: string): void {
    this.#openMoves.set(cookie, pathname);
    if (this.#openMoves.size <= MAX_OPEN_MOVES) return;
    for (const oldest of this.#openMoves.keys()) return void this.#openMoves.delete(oldest);
  }

  #pair(cookie: number): string | undefined {
    const srcPathname = this.#openMoves.get(cookie);
    this.#openMoves.delete(cookie);
    return srcPathname;
  }

  /**
   * The root is gone. After a move the kernel still watches it in its new place, and after an overflow its IN_IGNORED may be among
   * what was lost: what is queued carries a wrong path, so drop it and end with an IN_IGNORED of our own.
   */
  #finish(): void {
    this.#finished = true;
    this.#last = toFileEvent({ wd: this.#watch.wd, mask: IN.IN_IGNORED, path: this.#path, name: '' });
  }

  /** Adding the same directory again gives the same descriptor for as long as it is watched and in its place. */
  #isStillWatched(): boolean {
    return this.#binding.addWatch(this.#reader.fd, this.#watch.path, this.#watch.mask) === this.#watch.wd;
  }
}
