import { once } from 'node:events';
import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';
import { type FileEvent, IN, type SenditError, toFileEvent } from '@sendit/model';
import { decodeKey } from '../decode-name.ts';
import { Delivery, END } from '../delivery.ts';
import { singleUse } from '../single-use.ts';
import { fromThrown, toWatchError } from '../watch-error.ts';
import type { BackendOptions, WatchSource } from '../watch-source.ts';
import { flatStatus, type WatchStatus } from '../watch-status.ts';
import { adoptFd } from './adopt-fd.ts';
import type { InotifyBinding } from './binding.ts';
import { type InotifyRecord, RecordQueue } from './record-queue.ts';

const IN_ONLYDIR = 0x0100_0000;

/** At this many bytes of undelivered records reading stops; see {@link WatchSource.events}. */
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

/** Halves of moves that wait for the other one. Most are adjacent; one whose target lies outside the root waits in vain. */
const MAX_OPEN_MOVES = 1024;

/** What the inotify backend needs; the bound is settable for tests. */
export interface InotifyOptions extends BackendOptions {
  readonly binding: InotifyBinding;
  readonly maxQueuedBytes?: number;
}

/** Watches one directory with an inotify instance of its own. @throws SenditError `watch-failed` */
export function openInotifySource(options: InotifyOptions): WatchSource {
  return new InotifySource(options);
}

/**
 * States: `reading` (the event loop copies records into the queue), `full` (the queue is at its bound, reading stopped),
 * `finished` (the root is gone, one last IN_IGNORED may wait), `closed` (the instance is freed).
 */
class InotifySource implements WatchSource {
  readonly backend = 'inotify';
  readonly reason: string;
  readonly #path: string;
  readonly #binding: InotifyBinding;
  readonly #queue = new RecordQueue();
  readonly #delivery = new Delivery();
  readonly #closed = new AbortController();
  readonly #openMoves = new Map<number, string>();
  readonly #takeOnce = singleUse('events()');
  readonly #maxQueuedBytes: number;
  readonly #watch: Readonly<{ path: Uint8Array; mask: number; wd: number }>;
  readonly #fd: number;
  readonly #socket: Socket;
  #full = false;
  /** Delivered after the queue was dropped, then the iteration ends. */
  #last: FileEvent | undefined;
  #finished = false;
  #overflows = 0;
  #failure: SenditError | undefined;

  constructor({ path, mask, reason, binding, maxQueuedBytes = MAX_QUEUED_BYTES }: InotifyOptions) {
    this.#path = path;
    this.reason = reason;
    this.#binding = binding;
    this.#maxQueuedBytes = maxQueuedBytes;
    const instance = this.#orThrow(binding.init());
    const request = {
      path: Buffer.from(`${path}\0`),
      mask: mask | IN.IN_DELETE_SELF | IN.IN_MOVE_SELF | IN_ONLYDIR,
    };
    const wd = binding.addWatch(instance, request.path, request.mask);
    if (wd < 0) binding.close(instance);
    this.#watch = { ...request, wd: this.#orThrow(wd) };
    const adopted = adoptFd(binding, instance, (bytes) => this.#accept(bytes));
    if (typeof adopted === 'number') throw toWatchError(path, getSystemErrorName(adopted));
    this.#fd = adopted.fd;
    this.#socket = adopted.socket;
    this.#socket.once('error', (error) => {
      this.#failure = fromThrown(path, error);
      this.#delivery.notify();
    });
    this.#socket.unref();
  }

  events(signal?: AbortSignal): AsyncIterable<FileEvent> {
    this.#takeOnce();
    return this.#iterate(signal);
  }

  async run(onEvent: (event: FileEvent) => void, signal?: AbortSignal): Promise<void> {
    for await (const event of this.events(signal)) onEvent(event);
  }

  status(): WatchStatus {
    return flatStatus(this, { ended: this.#closed.signal.aborted, overflows: this.#overflows });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    if (!this.#socket.closed) await once(this.#socket, 'close');
  }

  async *#iterate(signal?: AbortSignal): AsyncGenerator<FileEvent, void, void> {
    const ended = signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
    this.#socket.ref();
    try {
      yield* this.#delivery.run(() => this.#next(), ended);
    } finally {
      this.#close();
    }
  }

  #close(): void {
    this.#closed.abort();
    this.#socket.destroy();
    this.#queue.clear();
  }

  #orThrow(result: number): number {
    if (result < 0) throw toWatchError(this.#path, getSystemErrorName(result));
    return result;
  }

  /** Runs in the read callback: only copies, so that the kernel's queue is drained first and handled later. */
  #accept(bytes: Uint8Array): boolean {
    this.#queue.push(bytes);
    this.#full = this.#queue.bytes >= this.#maxQueuedBytes;
    this.#delivery.notify();
    return !this.#full;
  }

  #next(): FileEvent | undefined | typeof END {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const last = this.#last;
      this.#last = undefined;
      if (last !== undefined) return last;
      if (this.#finished) return END;
      const record = this.#queue.shift();
      this.#readOn();
      if (record === undefined) return undefined;
      if (record.wd === -1 || record.wd === this.#watch.wd) return this.#toEvent(record);
    }
  }

  #readOn(): void {
    if (!this.#full || this.#queue.bytes > this.#maxQueuedBytes / 2) return;
    this.#full = false;
    this.#socket.resume();
  }

  #toEvent({ cookie, key, ...record }: InotifyRecord): FileEvent {
    const parts = { ...record, ...decodeKey(key), path: this.#path, ...(cookie === 0 ? {} : { cookie }) };
    if (record.mask & IN.IN_IGNORED) this.#finished = true;
    if (record.mask & IN.IN_MOVE_SELF) this.#finish();
    if (record.mask & IN.IN_Q_OVERFLOW) this.#overflows += 1;
    if (record.mask & IN.IN_Q_OVERFLOW && !this.#isStillWatched()) this.#finish();
    if (record.mask & IN.IN_MOVED_TO) return toFileEvent({ ...parts, ...this.#pair(cookie) });
    const event = toFileEvent(parts);
    if (record.mask & IN.IN_MOVED_FROM) this.#remember(cookie, event.pathname);
    return event;
  }

  #remember(cookie: number, pathname: string): void {
    this.#openMoves.set(cookie, pathname);
    if (this.#openMoves.size <= MAX_OPEN_MOVES) return;
    for (const oldest of this.#openMoves.keys()) return void this.#openMoves.delete(oldest);
  }

  #pair(cookie: number): Pick<FileEvent, 'srcPathname'> {
    const srcPathname = this.#openMoves.get(cookie);
    this.#openMoves.delete(cookie);
    return srcPathname === undefined ? {} : { srcPathname };
  }

  /**
   * The root is gone. After a move the kernel still watches it in its new place, and after an overflow its IN_IGNORED may be among
   * what was lost: what is queued carries a wrong path, so drop it and end with an IN_IGNORED of our own.
   */
  #finish(): void {
    this.#queue.clear();
    this.#finished = true;
    this.#last = toFileEvent({ wd: this.#watch.wd, mask: IN.IN_IGNORED, path: this.#path, name: '' });
  }

  /** Adding the same directory again gives the same descriptor for as long as it is watched and in its place. */
  #isStillWatched(): boolean {
    return this.#binding.addWatch(this.#fd, this.#watch.path, this.#watch.mask) === this.#watch.wd;
  }
}
