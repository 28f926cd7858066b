import { once } from 'node:events';
import type { Socket } from 'node:net';
import { adoptFd } from './adopt-fd.ts';
import type { InotifyBinding } from './binding.ts';
import { type InotifyRecord, RecordQueue } from './record-queue.ts';

/** At this many bytes of records not yet taken reading stops; it goes on at half of it. */
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

/**
 * A burst is this many reads in a row, each soon after the previous one or of many records. Between reads of a burst
 * the kernel collects records for a moment, so that the event loop wakes up once for many. A single event is never
 * delayed.
 */
const BURST_READS = 32;
const SOON_MS = 0.5;
const MANY_BYTES = 512;
const GATHER_MS = 2;

/** How an instance is read. */
export interface ReaderOptions {
  /** There may be something to take. */
  readonly onRecords: () => void;
  /** For tests. */
  readonly maxQueuedBytes?: number | undefined;
}

/** An inotify instance whose records are drained as they come: the read callback only copies, so that the kernel's queue stays empty. */
export class Reader {
  /** Valid until it is closed. */
  fd = -1;
  #socket: Socket | undefined;
  readonly #queue = new RecordQueue();
  readonly #onRecords: () => void;
  readonly #maxQueuedBytes: number;
  #failure: Error | undefined;
  /** Reading stopped at the bound. */
  #full = false;
  #gathering: NodeJS.Timeout | undefined;
  #lastReadAt = 0;
  #quickReads = 0;

  private constructor({ onRecords, maxQueuedBytes = MAX_QUEUED_BYTES }: ReaderOptions) {
    this.#onRecords = onRecords;
    this.#maxQueuedBytes = maxQueuedBytes;
  }

  /** Takes over an instance, its watches set or not; a negated errno when the system refuses, and then it is closed. */
  static adopt(binding: InotifyBinding, instance: number, options: ReaderOptions): Reader | number {
    const reader = new Reader(options);
    const adopted = adoptFd(binding, instance, (bytes) => reader.#accept(bytes));
    if (typeof adopted === 'number') return adopted;
    reader.fd = adopted.fd;
    reader.#socket = adopted.socket;
    adopted.socket.unref();
    adopted.socket.once('error', (error) => {
      reader.#failure = error;
      reader.#onRecords();
    });
    return reader;
  }

  /** A new instance, or a negated errno. */
  static open(binding: InotifyBinding, options: ReaderOptions): Reader | number {
    const instance = binding.init();
    return instance < 0 ? instance : Reader.adopt(binding, instance, options);
  }

  /** The oldest record. @throws Error when the instance cannot be read */
  take(): InotifyRecord | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    const record = this.#queue.shift();
    if (this.#full && this.#queue.bytes <= this.#maxQueuedBytes / 2) {
      this.#full = false;
      this.#socket?.resume();
    }
    return record;
  }

  ref(): void {
    this.#socket?.ref();
  }

  close(): void {
    clearTimeout(this.#gathering);
    this.#socket?.destroy();
    this.#queue.clear();
  }

  /** Resolves once the instance is freed. */
  async closed(): Promise<void> {
    if (this.#socket?.closed === false) await once(this.#socket, 'close');
  }

  /** Runs in the read callback; false stops reading. */
  #accept(bytes: Uint8Array): boolean {
    this.#queue.push(bytes, Date.now());
    this.#onRecords();
    this.#full = this.#queue.bytes >= this.#maxQueuedBytes;
    if (this.#full) return false;
    const now = performance.now();
    const isQuick = now - this.#lastReadAt < SOON_MS || bytes.length >= MANY_BYTES;
    this.#quickReads = isQuick ? this.#quickReads + 1 : 0;
    this.#lastReadAt = now;
    if (this.#quickReads < BURST_READS) return true;
    this.#gathering = setTimeout(() => {
      if (!this.#full) this.#socket?.resume();
    }, GATHER_MS);
    return false;
  }
}
