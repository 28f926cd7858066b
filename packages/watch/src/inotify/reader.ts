import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type AdoptedFd, adoptFd } from './adopt-fd.ts';
import type { InotifyBinding } from './binding.ts';
import { type InotifyRecord, RecordQueue } from './record-queue.ts';

/** At this many bytes of records not yet taken reading stops; it goes on at half of it. */
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;

/** Shared with the read callback. */
interface Flow {
  full: boolean;
}

interface Bound {
  readonly flow: Flow;
  readonly maxQueuedBytes: number;
}

/** An inotify instance whose records are drained as they come: the read callback only copies, so that the kernel's queue stays empty. */
export class Reader {
  readonly fd: number;
  readonly #socket: Socket;
  readonly #queue: RecordQueue;
  readonly #maxQueuedBytes: number;
  #failure: Error | undefined;
  /** Reading stopped at the bound. */
  readonly #flow: Flow;

  private constructor({ fd, socket }: AdoptedFd, queue: RecordQueue, bound: Bound) {
    this.fd = fd;
    this.#socket = socket;
    this.#queue = queue;
    this.#flow = bound.flow;
    this.#maxQueuedBytes = bound.maxQueuedBytes;
    socket.unref();
  }

  /** A new instance, or a negated errno. */
  static open(binding: InotifyBinding, onRecords: () => void, maxQueuedBytes = MAX_QUEUED_BYTES): Reader | number {
    const instance = binding.init();
    if (instance < 0) return instance;
    const queue = new RecordQueue();
    const flow = { full: false };
    const adopted = adoptFd(binding, instance, (bytes) => {
      queue.push(bytes);
      onRecords();
      flow.full = queue.bytes >= maxQueuedBytes;
      return !flow.full;
    });
    if (typeof adopted === 'number') return adopted;
    const reader = new Reader(adopted, queue, { flow, maxQueuedBytes });
    adopted.socket.once('error', (error) => {
      reader.#failure = error;
      onRecords();
    });
    return reader;
  }

  /** The oldest record. @throws Error when the instance cannot be read */
  take(): InotifyRecord | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    const record = this.#queue.shift();
    if (this.#flow.full && this.#queue.bytes <= this.#maxQueuedBytes / 2) {
      this.#flow.full = false;
      this.#socket.resume();
    }
    return record;
  }

  ref(): void {
    this.#socket.ref();
  }

  close(): void {
    this.#socket.destroy();
    this.#queue.clear();
  }

  /** Resolves once the instance is freed. */
  async closed(): Promise<void> {
    if (!this.#socket.closed) await once(this.#socket, 'close');
  }
}
