import type { FileEvent } from '@sendit/model';
import { Delivery } from '../delivery.ts';
import { singleUse } from '../single-use.ts';
import type { WatchSource } from '../watch-source.ts';
import type { WatchStatus } from '../watch-status.ts';
import type { TreeOptions } from './tree-parts.ts';
import { TreeWatch } from './tree-watch.ts';

/** Watches a directory and all below it; resolves once every watch stands. @throws SenditError `watch-failed` */
export async function openTreeSource(options: TreeOptions): Promise<WatchSource> {
  const source = new TreeSource(options);
  try {
    await source.open();
    return source;
  } catch (thrown) {
    await source[Symbol.asyncDispose]();
    throw thrown;
  }
}

class TreeSource implements WatchSource {
  readonly backend;
  readonly reason: string;
  readonly #watch: TreeWatch;
  readonly #delivery = new Delivery();
  readonly #closed = new AbortController();
  readonly #takeOnce = singleUse('events() or run()');

  constructor(options: TreeOptions) {
    this.reason = options.reason;
    this.#watch = new TreeWatch(options, () => this.#delivery.notify());
    this.backend = this.#watch.parts.reader === undefined ? ('polling' as const) : ('inotify' as const);
  }

  open(): Promise<void> {
    return this.#watch.open();
  }

  events(signal?: AbortSignal): AsyncIterable<FileEvent> {
    this.#takeOnce();
    return this.#iterate(this.#until(signal));
  }

  async run(onEvent: (event: FileEvent) => void, signal?: AbortSignal): Promise<void> {
    this.#takeOnce();
    const ended = this.#until(signal);
    this.#watch.ref();
    try {
      await this.#delivery.drain(() => this.#watch.next(), onEvent, ended);
    } finally {
      this.#close();
    }
  }

  status(): WatchStatus {
    return { backend: this.backend, reason: this.reason, ...this.#watch.status() };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.#close();
    await this.#watch.closed();
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
  }

  async *#iterate(ended: AbortSignal): AsyncGenerator<FileEvent, void, void> {
    this.#watch.ref();
    try {
      yield* this.#delivery.run(() => this.#watch.next(), ended);
    } finally {
      this.#close();
    }
  }

  #close(): void {
    this.#closed.abort();
    this.#watch.close();
  }
}
