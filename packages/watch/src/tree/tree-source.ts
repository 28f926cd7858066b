import { statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getSystemErrorName } from 'node:util';
import { type FileEvent, IN, IN_ISDIR } from '@sendit/model';
import { BUSY, Delivery, END } from '../delivery.ts';
import type { InotifyBinding } from '../inotify/binding.ts';
import { Reader } from '../inotify/reader.ts';
import { singleUse } from '../single-use.ts';
import { toWatchError } from '../watch-error.ts';
import type { BackendOptions, WatchSource } from '../watch-source.ts';
import type { WatchStatus } from '../watch-status.ts';
import { DirTree } from './dir-tree.ts';
import { EventWriter } from './event-writer.ts';
import { Kernel } from './kernel.ts';
import { Scanner } from './scanner.ts';
import { Ticker } from './ticker.ts';
import { TreeEngine } from './tree-engine.ts';
import { Trouble } from './trouble.ts';

/** What a recursive source needs. */
export interface TreeOptions extends BackendOptions {
  /** Absent: listing by turns is all there is. */
  readonly binding: InotifyBinding | undefined;
  /** Directories count their subdirectories in their link count. */
  readonly countsLinks: boolean;
  /** The kernel does not see every change here: list by turns as well. */
  readonly polled: boolean;
  /** Pause between two listings of what is listed by turns, and between two looks for an absent root. */
  readonly pollMs: number;
  /** Pause between two comparisons of the whole tree, ±10 %; 0 for none. */
  readonly rescanMs: number;
  /** Wait for a root that is not there, instead of ending. */
  readonly awaitRoot: boolean;
  /** Bytes of records, for tests. */
  readonly maxQueuedBytes?: number;
}

/** Longest time the first scan keeps the event loop. */
const SLICE_MS = 4;
/** Records and visits without an event before the time is looked at. */
const STEPS = 32;

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

/**
 * States: `watching`; `absent` (the root went away or is not there yet, and is waited for); `ended`. While watching, a rescan may be under
 * way: every known directory waits to be visited again, and records are handled in between.
 */
class TreeSource implements WatchSource {
  readonly backend;
  readonly reason: string;
  readonly #options: TreeOptions;
  readonly #tree: DirTree;
  readonly #writer: EventWriter;
  readonly #trouble: Trouble;
  readonly #reader: Reader | undefined;
  readonly #scanner: Scanner;
  readonly #engine: TreeEngine;
  readonly #delivery = new Delivery();
  readonly #closed = new AbortController();
  readonly #takeOnce = singleUse('events() or run()');
  readonly #ticker: Ticker;
  /** Every directory keeps its files and is listed by turns, without blocking. */
  readonly #slow: boolean;
  #state: WatchStatus['state'] = 'watching';
  #rescanning = false;
  #pumping = false;
  #overflows = 0;
  #rescans = 0;

  constructor(options: TreeOptions) {
    const { path, mask, reason, logger, binding } = options;
    this.#options = options;
    this.reason = reason;
    this.#tree = new DirTree(Buffer.from(path, 'utf8').toString('latin1'));
    this.#writer = new EventWriter(this.#tree, path, mask);
    this.#trouble = new Trouble(this.#tree, logger);
    const reader =
      binding === undefined ? undefined : Reader.open(binding, () => this.#delivery.notify(), options.maxQueuedBytes);
    if (typeof reader === 'number') this.#trouble.refused(this.#tree.root, getSystemErrorName(reader));
    else this.#reader = reader;
    this.backend = this.#reader === undefined ? ('polling' as const) : ('inotify' as const);
    this.#slow = options.polled || this.#reader === undefined;
    const onRootLost = (): void => this.#loseRoot();
    const { countsLinks } = options;
    const kernel = this.#reader && binding && new Kernel(binding, this.#reader.fd);
    const [tree, writer, trouble] = [this.#tree, this.#writer, this.#trouble];
    this.#scanner = new Scanner({ tree, writer, kernel, mask, countsLinks, polled: this.#slow, trouble, onRootLost });
    this.#engine = new TreeEngine({
      tree,
      writer,
      scanner: this.#scanner,
      onOverflow: () => this.#overflow(),
      onRootLost,
      onUnmount: (node) => this.#unmounted(node === tree.root),
      onAttrib: () => this.#retry(),
    });
    this.#ticker = new Ticker(() => this.#delivery.notify());
  }

  /** The first scan: nothing of what it finds is an event. */
  async open(): Promise<void> {
    if (this.#isThere()) this.#scanner.push(this.#tree.root);
    else if (this.#options.awaitRoot) this.#state = 'absent';
    else throw toWatchError(this.#options.path, this.#absence());
    await this.#firstScan();
    this.#scanner.settleAll();
    this.#scanner.silent = false;
    const refusal = this.#trouble.problems()[0];
    const { root } = this.#tree;
    if (refusal !== undefined && !root.listed && !this.#options.awaitRoot) {
      throw toWatchError(this.#options.path, refusal.code);
    }
    this.#schedule();
  }

  events(signal?: AbortSignal): AsyncIterable<FileEvent> {
    this.#takeOnce();
    return this.#iterate(this.#until(signal));
  }

  async run(onEvent: (event: FileEvent) => void, signal?: AbortSignal): Promise<void> {
    this.#takeOnce();
    const ended = this.#until(signal);
    this.#hold();
    try {
      await this.#delivery.drain(() => this.#next(), onEvent, ended);
    } finally {
      this.#close();
    }
  }

  status(): WatchStatus {
    return {
      backend: this.backend,
      reason: this.reason,
      state: this.#state,
      watches: this.#reader === undefined ? this.#tree.size : this.#tree.byWd.size,
      overflows: this.#overflows,
      rescans: this.#rescans,
      foundByRescan: this.#reader === undefined ? 0 : this.#scanner.found,
      problems: this.#trouble.problems(),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await this.#reader?.closed();
  }

  #until(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
  }

  async *#iterate(ended: AbortSignal): AsyncGenerator<FileEvent, void, void> {
    this.#hold();
    try {
      yield* this.#delivery.run(() => this.#next(), ended);
    } finally {
      this.#close();
    }
  }

  /** From now on the process stays alive for this. */
  #hold(): void {
    this.#reader?.ref();
    this.#ticker.ref();
  }

  #close(): void {
    this.#closed.abort();
    this.#state = 'ended';
    this.#ticker.clear();
    this.#reader?.close();
    this.#scanner.clear();
  }

  #next(): FileEvent | undefined | typeof BUSY | typeof END {
    for (let steps = 0; steps < STEPS; steps++) {
      const event = this.#writer.take();
      if (event !== undefined) return event;
      if (this.#state === 'ended') return END;
      if (!this.#advance()) return this.#rest();
    }
    return BUSY;
  }

  /** One visit or one record; false when there is neither. */
  #advance(): boolean {
    if (this.#scanner.isFull) this.#scanner.seal();
    if (!this.#slow && this.#scanner.hasWork) {
      this.#scanner.step();
      return true;
    }
    const record = this.#reader?.take();
    if (record === undefined) return false;
    this.#engine.handle(record);
    return true;
  }

  /** Everything at hand is done: asks for the barrier, and does what is due by time. */
  #rest(): FileEvent | typeof BUSY | undefined {
    this.#scanner.seal();
    if (this.#slow && this.#scanner.hasWork) void this.#pump();
    if (this.#rescanning && this.#scanner.isSettled) this.#rescanning = false;
    const now = performance.now();
    const moveDue = this.#engine.expire(now);
    if (moveDue !== undefined) this.#ticker.at('move', now + moveDue);
    if (this.#ticker.isDue('look', now)) this.#look();
    if (this.#ticker.isDue('rescan', now)) this.#rescan();
    this.#schedule();
    if (!this.#slow && this.#scanner.hasWork) return BUSY;
    return this.#writer.take();
  }

  #schedule(): void {
    const { pollMs, rescanMs } = this.#options;
    if (this.#state === 'ended') return;
    if (this.#slow || this.#state === 'absent' || this.#trouble.waiting().length > 0)
      this.#ticker.after('look', pollMs);
    if (rescanMs > 0) this.#ticker.after('rescan', rescanMs * (0.9 + Math.random() * 0.2));
  }

  #look(): void {
    if (this.#state === 'absent') {
      if (!this.#isThere()) return;
      this.#state = 'watching';
      this.#options.logger.info('The watched directory is there', { path: this.#options.path });
      this.#writer.writeRoot(IN.IN_CREATE | IN_ISDIR, 1);
      this.#scanner.push(this.#tree.root);
    } else if (this.#slow) this.#scanner.push(this.#tree.root, true);
    else this.#retry();
  }

  #retry(): void {
    for (const node of this.#trouble.waiting()) this.#scanner.push(node);
  }

  #rescan(): void {
    if (this.#state !== 'watching' || this.#rescanning) return;
    this.#rescanning = true;
    this.#rescans += 1;
    this.#scanner.push(this.#tree.root, true);
  }

  #overflow(): void {
    this.#overflows += 1;
    this.#options.logger.warning('The kernel dropped events: comparing the tree with the disk', {
      path: this.#options.path,
    });
    this.#writer.writeRoot(IN.IN_Q_OVERFLOW, -1);
    this.#scanner.settleAll();
    this.#engine.reset();
    this.#rescanning = false;
    this.#rescan();
  }

  #unmounted(isRoot: boolean): void {
    this.#writer.writeRoot(IN.IN_UNMOUNT);
    if (!isRoot) this.#rescan();
  }

  #loseRoot(): void {
    if (this.#state !== 'watching') return;
    const { root, byWd } = this.#tree;
    this.#writer.writeRoot(IN.IN_IGNORED, Math.max(root.wd, 1));
    this.#scanner.clear();
    this.#engine.reset();
    for (const child of root.children?.values() ?? []) this.#scanner.drop(child);
    if (root.wd !== -1 && byWd.delete(root.wd)) this.#scanner.unwatch(root.wd);
    Object.assign(root, { wd: -1, listed: false, deep: false, pending: undefined, files: undefined, ownReads: false });
    this.#rescanning = false;
    this.#state = this.#options.awaitRoot ? 'absent' : 'ended';
    if (this.#state === 'absent') {
      this.#options.logger.warning('The watched directory is gone: waiting for it', { path: this.#options.path });
    }
  }

  async #firstScan(): Promise<void> {
    let sliceStart = performance.now();
    while (this.#scanner.hasWork) {
      if (this.#slow) await this.#scanner.stepSlowly();
      else this.#scanner.step();
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await nextTurn();
      sliceStart = performance.now();
    }
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#scanner.hasWork && this.#state === 'watching') await this.#scanner.stepSlowly();
    this.#pumping = false;
    this.#delivery.notify();
  }

  #isThere(): boolean {
    return this.#absence() === '';
  }

  /** Why the root cannot be watched, as an errno name; empty when it is there. */
  #absence(): string {
    const found = statSync(this.#options.path, { throwIfNoEntry: false });
    if (found === undefined) return 'ENOENT';
    return found.isDirectory() ? '' : 'ENOTDIR';
  }
}
