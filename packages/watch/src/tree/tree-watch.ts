import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FileEvent, IN } from '@sendit/model';
import { BUSY, END } from '../delivery.ts';
import { toWatchError } from '../watch-error.ts';
import type { WatchStatus } from '../watch-status.ts';
import { RootPresence } from './root-presence.ts';
import { Ticker } from './ticker.ts';
import { joinTreeParts, type TreeOptions, type TreeParts } from './tree-parts.ts';

/** Longest time the first scan keeps the event loop. */
const SLICE_MS = 4;
/** Records and visits without an event before the time is looked at. */
const STEPS = 32;
/**
 * Records come before visits: a directory renamed away by then need not be visited under its old name. But one step in
 * this many is a visit, so that new directories get their watches however long a burst lasts.
 */
const RECORDS_PER_VISIT = 16;

/** Does the work of a watched tree, step by step, as its events are asked for. While a rescan is under way, records are handled in between. */
export class TreeWatch {
  readonly parts: TreeParts;
  readonly #options: TreeOptions;
  readonly #root: RootPresence;
  readonly #ticker: Ticker;
  readonly #onReady: () => void;
  #steps = 0;
  #rescanning = false;
  #pumping = false;
  #overflows = 0;
  #rescans = 0;

  /** `onReady`: there may be an event to take. */
  constructor(options: TreeOptions, onReady: () => void) {
    this.#options = options;
    this.#onReady = onReady;
    this.#ticker = new Ticker(onReady);
    this.#root = new RootPresence(options, () => this.parts);
    this.parts = joinTreeParts(options, {
      onRecords: onReady,
      onOverflow: () => this.#overflow(),
      onRootLost: () => this.#root.lose(),
      onUnmount: (node) => this.#unmounted(node === this.parts.tree.root),
      onAttrib: () => this.#retry(),
    });
  }

  /** The first scan: nothing of what it finds is an event. @throws SenditError `watch-failed` */
  async open(): Promise<void> {
    const { path, awaitRoot } = this.#options;
    const { tree, writer, scanner, trouble } = this.parts;
    const absence = this.#root.absence();
    if (absence === '') scanner.push(tree.root);
    else if (awaitRoot) this.#root.state = 'absent';
    else throw toWatchError(path, absence);
    await this.#scanFirst();
    scanner.endFirst();
    writer.muted = false;
    const refusal = trouble.problems()[0];
    if (refusal !== undefined && !tree.root.listed && !awaitRoot) throw toWatchError(path, refusal.code);
    if (this.#root.state === 'ended') throw toWatchError(path, 'ENOENT');
    this.#schedule();
  }

  status(): Omit<WatchStatus, 'backend' | 'reason'> {
    const { reader, tree, settler, trouble } = this.parts;
    return {
      state: this.#root.state,
      watches: reader === undefined ? tree.size : tree.byWd.size,
      overflows: this.#overflows,
      rescans: this.#rescans,
      foundByRescan: reader === undefined ? 0 : settler.found,
      problems: trouble.problems(),
    };
  }

  next(): FileEvent | undefined | typeof BUSY | typeof END {
    for (let steps = 0; steps < STEPS; steps++) {
      const event = this.parts.writer.take();
      if (event !== undefined) return event;
      if (this.#root.state === 'ended') return END;
      if (!this.#advance()) return this.#rest();
    }
    return BUSY;
  }

  /** From now on the process stays alive for this. */
  ref(): void {
    this.parts.reader?.ref();
    this.#ticker.ref();
  }

  close(): void {
    this.#root.state = 'ended';
    this.#ticker.clear();
    this.parts.reader?.close();
    this.parts.scanner.clear();
  }

  /** Resolves once what the system gave is given back. */
  async closed(): Promise<void> {
    await this.parts.reader?.closed();
  }

  /** Makes or settles one visit, or handles one record; false if there is nothing to do. */
  #advance(): boolean {
    const { scanner, reader, engine, polled } = this.parts;
    if (scanner.hasProven) {
      scanner.settleNext();
      return true;
    }
    if (scanner.isFull) scanner.seal();
    const mayVisit = !polled && scanner.hasWork;
    this.#steps += 1;
    const record = mayVisit && this.#steps % RECORDS_PER_VISIT === 0 ? undefined : reader?.take();
    if (record !== undefined) engine.handle(record);
    else if (mayVisit) scanner.step();
    else return false;
    return true;
  }

  /** Everything at hand is done: asks for the barrier, and does what is due by time. */
  #rest(): FileEvent | typeof BUSY | undefined {
    const { scanner, engine, writer, polled } = this.parts;
    scanner.seal();
    if (polled && scanner.hasWork) void this.#pump();
    if (this.#rescanning && scanner.isSettled) this.#rescanning = false;
    const now = performance.now();
    const moveDue = engine.expire(now);
    if (moveDue !== undefined) this.#ticker.at('move', moveDue);
    if (this.#ticker.isDue('look', now)) this.#look();
    if (this.#ticker.isDue('rescan', now)) this.#rescan();
    this.#schedule();
    if (scanner.hasProven || (!polled && scanner.hasWork)) return BUSY;
    return writer.take();
  }

  #schedule(): void {
    const { pollMs, rescanMs } = this.#options;
    const { state } = this.#root;
    if (state === 'ended') return;
    if (this.parts.polled || state === 'absent' || this.parts.trouble.waiting().length > 0)
      this.#ticker.after('look', pollMs);
    if (rescanMs > 0) this.#ticker.after('rescan', rescanMs * (0.9 + Math.random() * 0.2));
  }

  #look(): void {
    if (this.#root.state === 'absent') this.#root.look();
    else if (this.parts.polled) this.parts.scanner.push(this.parts.tree.root, true);
    else this.#retry();
  }

  #retry(): void {
    for (const node of this.parts.trouble.waiting()) this.parts.scanner.push(node);
  }

  #rescan(): void {
    if (this.#root.state !== 'watching' || this.#rescanning) return;
    this.#rescanning = true;
    this.#rescans += 1;
    this.parts.scanner.push(this.parts.tree.root, true);
  }

  #overflow(): void {
    this.#overflows += 1;
    const { path, logger } = this.#options;
    logger.warning('The kernel dropped events: comparing the tree with the disk', { path });
    this.parts.writer.writeRoot(IN.IN_Q_OVERFLOW, -1);
    this.parts.scanner.clear();
    this.parts.engine.reset();
    this.#rescanning = false;
    this.#rescan();
  }

  #unmounted(isRoot: boolean): void {
    this.parts.writer.writeRoot(IN.IN_UNMOUNT);
    if (!isRoot) this.#rescan();
  }

  /** Goes on until every directory found is proven. Records are handled only while a barrier is waited for. */
  async #scanFirst(): Promise<void> {
    const { scanner, polled, reader, engine } = this.parts;
    let sliceStart = performance.now();
    while (!scanner.isSettled) {
      if (scanner.hasProven) scanner.settleNext();
      else if (!scanner.hasWork) scanner.seal();
      else if (polled) await scanner.stepSlowly();
      else scanner.step();
      for (let record = reader?.take(); record !== undefined; record = reader?.take()) engine.handle(record);
      const isBusy = scanner.hasProven || scanner.hasWork;
      if (isBusy && performance.now() - sliceStart < SLICE_MS) continue;
      await nextTurn();
      sliceStart = performance.now();
    }
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.parts.scanner.hasWork && this.#root.state === 'watching') await this.parts.scanner.stepSlowly();
    this.#pumping = false;
    this.#onReady();
  }
}
