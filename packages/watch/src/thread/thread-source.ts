import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type FileEvent, type Logger, SenditError } from '@sendit/model';
import { Delivery, END } from '../delivery.ts';
import { singleUse } from '../single-use.ts';
import type { BackendName } from '../backend.ts';
import type { WatchSource } from '../watch-source.ts';
import type { WatchStatus } from '../watch-status.ts';
import type { FromThread, ThreadRequest, ToThread } from './messages.ts';

/** Watches in a thread of its own, so that a busy main thread cannot let the kernel's queue overflow. @throws SenditError `watch-failed` */
export async function openThreadSource(file: URL, request: ThreadRequest, logger: Logger): Promise<WatchSource> {
  const worker = new Worker(file, { workerData: request, execArgv: [] });
  let message = await hear(worker);
  // What is logged while the watch is opened comes before the answer.
  while (message.kind === 'log') {
    logger[message.level](message.message, message.fields);
    message = await hear(worker);
  }
  if (message.kind === 'opened') return new ThreadSource(worker, message.status, logger);
  await worker.terminate();
  throw toFailure(message);
}

async function hear(worker: Worker): Promise<FromThread> {
  try {
    const [message] = (await once(worker, 'message')) as [FromThread];
    return message;
  } catch (cause) {
    throw toBroken(cause);
  }
}

function toBroken(cause: unknown): SenditError {
  const hint = 'Watch without the option `thread`, and report this.';
  return new SenditError('The watching thread broke.', { code: 'watch-failed', hint, cause });
}

function toFailure(message: FromThread): SenditError {
  const text =
    message.kind === 'failed' ? message.message : `Expected the watching thread to open, got ${message.kind}.`;
  const hint = (message.kind === 'failed' ? message.hint : undefined) ?? 'Watch without the option `thread`.';
  return new SenditError(text, { code: 'watch-failed', retry: 'unsafe', hint });
}

class ThreadSource implements WatchSource {
  readonly backend: BackendName;
  readonly reason: string;
  readonly #worker: Worker;
  readonly #delivery = new Delivery();
  readonly #closed = new AbortController();
  readonly #takeOnce = singleUse('events() or run()');
  readonly #batches: (readonly FileEvent[])[] = [];
  #taken = 0;
  #status: WatchStatus;
  #ended = false;
  #failure: SenditError | undefined;

  constructor(worker: Worker, status: WatchStatus, logger: Logger) {
    this.backend = status.backend;
    this.reason = status.reason;
    this.#status = status;
    this.#worker = worker;
    worker.unref();
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'log') return logger[message.level](message.message, message.fields);
      if (message.kind === 'events') this.#batches.push(message.events);
      if (message.kind === 'events' || message.kind === 'ended') this.#status = message.status;
      if (message.kind === 'failed') this.#failure = toFailure(message);
      this.#ended ||= message.kind !== 'events';
      this.#delivery.notify();
    });
    worker.on('error', (cause) => {
      this.#failure = toBroken(cause);
      this.#delivery.notify();
    });
  }

  events(signal?: AbortSignal): AsyncIterable<FileEvent> {
    return this.#iterate(this.#start(signal));
  }

  async *#iterate(ended: AbortSignal): AsyncGenerator<FileEvent, void, void> {
    try {
      yield* this.#delivery.run(() => this.#next(), ended);
    } finally {
      await this.close();
    }
  }

  async run(onEvent: (event: FileEvent) => void, signal?: AbortSignal): Promise<void> {
    const ended = this.#start(signal);
    try {
      await this.#delivery.drain(() => this.#next(), onEvent, ended);
    } finally {
      await this.close();
    }
  }

  status(): WatchStatus {
    return this.#closed.signal.aborted ? { ...this.#status, state: 'ended' } : this.#status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#worker.terminate();
  }

  #start(signal: AbortSignal | undefined): AbortSignal {
    this.#takeOnce();
    this.#worker.ref();
    this.#tell('start');
    return signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
  }

  #tell(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #next(): FileEvent | undefined | typeof END {
    const batch = this.#batches[0];
    const event = batch?.[this.#taken];
    if (batch === undefined || event === undefined) {
      if (this.#failure !== undefined) throw this.#failure;
      return this.#ended ? END : undefined;
    }
    this.#taken += 1;
    if (this.#taken === batch.length) {
      this.#batches.shift();
      this.#taken = 0;
      this.#tell('consumed');
    }
    return event;
  }
}
