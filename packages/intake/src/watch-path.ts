import { type Clock, type FileEvent, IN, type Logger, toBackoffMs, toErrorSentence, withJitter } from '@sendit/model';
import { handleEvent } from './handle-event.ts';
import { Alarm } from './turns/alarm.ts';
import type { Intake } from './intake-port.ts';
import { MOUNT_LOOK_MS, type MountGuard } from './mount/mount-guard.ts';
import { MissedNames } from './sources/missed-names.ts';
import { isRootGone, toChildChange } from './sources/root-events.ts';
import type { EventSource } from './ports.ts';
import {
  type Candidate,
  createSignals,
  type Processor,
  type ProcessorContext,
  type Signals,
  withoutSlash,
} from '@sendit/processors';
import { type OpenState, toLiveState, type WatchPathState } from './watch-path-state.ts';

export interface WatchPathDeps {
  readonly openSource: (signal: AbortSignal) => Promise<EventSource>;
  readonly processor: Processor;
  /** Its `run` is the caller's. */
  readonly intake: Intake;
  /** Over what is mounted there; without it, whatever is there is taken. */
  readonly mount?: Pick<MountGuard, 'check'> | undefined;
  /** Events that go to the intake alone; none by default. */
  readonly hiddenMask?: number | undefined;
  /** Between two scans, where the processor has an intake; 60,000 ms by default. */
  readonly rescanMs?: number | undefined;
  /** Shared, where somebody outside listens. */
  readonly signals?: Signals | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called when `backend`, `problem` or `overflows` changed. */
  readonly onState?: ((state: WatchPathState) => void) | undefined;
}

/**
 * Watches one folder until the signal aborts; never rejects for what happens to the folder, the source or the processor.
 *
 * opening   the source is opened first, so that nothing falls between it and the scan
 * watching  events go to the processor in order; for an intake the folder is scanned at once, after an overflow and every `rescanMs`
 * away      the folder is gone or replaced, something else is mounted there, or the source failed: `problem` is set, one warning, then
 *           opening again with backoff
 */
export async function runWatchPath(deps: WatchPathDeps, signal: AbortSignal): Promise<void> {
  await new WatchPath(deps, signal).run();
}

class WatchPath {
  readonly #deps: WatchPathDeps;
  readonly #signal: AbortSignal;
  readonly #context: ProcessorContext;
  readonly #rescan: Alarm;
  readonly #missed = new MissedNames();
  readonly #state: OpenState;
  readonly #live: WatchPathState;
  #identity: string | undefined;
  #isRefusalTold = false;
  /** The event that the processor handles now. */
  #handled: FileEvent | undefined;

  constructor(deps: WatchPathDeps, signal: AbortSignal) {
    const { clock, intake, logger } = deps;
    this.#deps = deps;
    this.#signal = signal;
    this.#rescan = new Alarm(clock);
    const { name, folder } = intake.watchPath;
    this.#context = {
      logger,
      clock,
      signal,
      signals: deps.signals ?? createSignals(logger),
      root: { name, path: folder },
      submit: (candidate) => this.#submit(candidate),
    };
    const state: OpenState = { source: undefined, problem: null, overflows: 0, foundBefore: 0 };
    this.#state = state;
    this.#live = toLiveState(state, this.#missed);
  }

  async run(): Promise<void> {
    const { clock } = this.#deps;
    let failures = 0;
    while (!this.#signal.aborted) {
      const refusal = await this.#deps.mount?.check();
      if (typeof refusal === 'string') {
        this.#tellProblem(refusal);
        await clock.sleep(MOUNT_LOOK_MS, this.#signal);
        continue;
      }
      const openedAt = clock.now();
      const problem = await this.#watchOnce();
      if (problem === undefined) break;
      this.#tellProblem(problem);
      // A source that opens and breaks at once is not a recovery.
      failures = clock.now() - openedAt > toBackoffMs(failures) ? 1 : failures + 1;
      await clock.sleep(withJitter(toBackoffMs(failures)), this.#signal);
    }
    this.#setState({ source: undefined, problem: null });
  }

  /** From opening to closing; says why it ended, or nothing when the signal aborted. */
  async #watchOnce(): Promise<string | undefined> {
    const ended = new AbortController();
    const end = (): void => ended.abort();
    const stopped = new Promise<undefined>((resolve) => {
      ended.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    this.#signal.addEventListener('abort', end, { once: true });
    try {
      const source = await this.#deps.openSource(this.#signal);
      if (this.#signal.aborted) end();
      const loops = ended.signal.aborted ? [] : this.#startLoops(source, ended.signal);
      const problem = await Promise.race([...loops, stopped]);
      end();
      // Before the loops are waited for: a source need not listen to the signal, but its disposal ends the iteration.
      await source[Symbol.asyncDispose]();
      await Promise.all(loops);
      return this.#signal.aborted ? undefined : (problem ?? 'the source of events ended');
    } catch (thrown) {
      return this.#signal.aborted ? undefined : toErrorSentence(thrown);
    } finally {
      end();
      this.#signal.removeEventListener('abort', end);
    }
  }

  #startLoops(source: EventSource, signal: AbortSignal): readonly Promise<string | undefined>[] {
    this.#identity = undefined;
    const loops = [this.#dispatch(source, signal)];
    if (this.#deps.mount !== undefined) loops.push(this.#keepingMount(this.#deps.mount, signal));
    if (this.#deps.processor.intake === true) return [this.#scanning(source, signal), ...loops];
    this.#tellWatching(source);
    return loops;
  }

  /** Resolves with the problem once something else is mounted there: not every unmount is an event. */
  async #keepingMount(mount: Pick<MountGuard, 'check'>, signal: AbortSignal): Promise<string | undefined> {
    while (!signal.aborted) {
      const refusal = await mount.check();
      if (refusal !== null) return refusal;
      await this.#deps.clock.sleep(MOUNT_LOOK_MS, signal);
    }
    return undefined;
  }

  async #dispatch(source: EventSource, signal: AbortSignal): Promise<string | undefined> {
    try {
      for await (const event of source.events(signal)) {
        if (signal.aborted) return undefined;
        this.#note(event);
        if (!this.#isHidden(event)) {
          this.#handled = event;
          await handleEvent(event, this.#deps.processor, this.#context);
        }
        if (isRootGone(event, this.#context.root.path)) return 'the folder went away';
      }
      return undefined;
    } catch (thrown) {
      return toErrorSentence(thrown);
    }
  }

  /** Updates the watch path's own state from an event, whatever the processor. */
  #note(event: FileEvent): void {
    if ((event.mask & IN.IN_Q_OVERFLOW) !== 0) {
      this.#setState({ overflows: this.#state.overflows + 1 });
      this.#rescan.ring();
    }
    if (this.#deps.processor.intake === true) this.#deps.intake.note(event);
    const change = toChildChange(event, this.#context.root.path);
    if (change === 'left') this.#deps.intake.leave(event.name);
    if (change === 'came') this.#missed.told(event.name);
  }

  /** Not asked for, or below what processors watch: only units are concerned. */
  #isHidden({ mask, path }: FileEvent): boolean {
    const { hiddenMask = 0, intake } = this.#deps;
    if ((mask & hiddenMask) !== 0) return true;
    return intake.isRecursive && withoutSlash(path) !== this.#context.root.path;
  }

  /** Units are made of events and scans, which only a processor with an intake has: half a unit is worse than none. */
  #submit(candidate: Candidate): void {
    const { intake, logger, processor } = this.#deps;
    if (!intake.isRecursive || processor.intake === true) return intake.submit(this.#withTime(candidate));
    if (this.#isRefusalTold) return;
    this.#isRefusalTold = true;
    const message =
      'A processor without `intake: true` submits on a watch path of series or studies; nothing is taken: set it';
    logger.error(message, { processor: processor.name, root: this.#context.root.name });
  }

  /** A rename proves what was there when it was heard of. */
  #withTime(candidate: Candidate): Candidate {
    const heardAt = candidate.heardAt ?? this.#handled?.heardAt;
    return heardAt === undefined || candidate.arrival !== 'renamed' ? candidate : { ...candidate, heardAt };
  }

  async #scanning(source: EventSource, signal: AbortSignal): Promise<string | undefined> {
    const { intake, rescanMs = 60_000 } = this.#deps;
    try {
      while (!signal.aborted) {
        const outcome = await intake.scan(signal);
        if (outcome.kind === 'aborted') return undefined;
        if (outcome.kind === 'unreadable') return `the folder cannot be read: ${outcome.code}`;
        if (this.#identity !== undefined && this.#identity !== outcome.identity) return 'another folder took its place';
        if (this.#identity === undefined) this.#tellWatching(source);
        else this.#missed.found(outcome.names);
        this.#identity = outcome.identity;
        await this.#rescan.wait(rescanMs, signal);
      }
      return undefined;
    } catch (thrown) {
      return toErrorSentence(thrown);
    }
  }

  #tellProblem(problem: string): void {
    const wasFine = this.#state.problem === null;
    this.#setState({ source: undefined, problem });
    if (!wasFine) return;
    const { name, path } = this.#context.root;
    this.#deps.logger.warning(`Cannot watch ${path}: ${problem}; it is tried again until it can be watched`, {
      root: name,
    });
  }

  #tellWatching(source: EventSource): void {
    const { name, path } = this.#context.root;
    const wasAway = this.#state.problem !== null;
    this.#setState({ source, problem: null });
    if (wasAway) this.#deps.logger.info(`Watching ${path} again`, { root: name, backend: source.backend });
  }

  #setState(change: {
    readonly source?: EventSource | undefined;
    readonly problem?: string | null;
    readonly overflows?: number;
  }): void {
    const { source } = this.#state;
    if ('source' in change && source !== undefined && source !== change.source)
      this.#state.foundBefore += source.status().foundByRescan;
    Object.assign(this.#state, change);
    this.#deps.onState?.(this.#live);
  }
}
