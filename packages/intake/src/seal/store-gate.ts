import {
  type Clock,
  type Logger,
  type MonotonicMs,
  SenditError,
  toErrorName,
  toBackoffMs,
  createOutageLog,
  type OutageLog,
  withJitter,
} from '@sendit/model';

/** Result of asking the store. */
export type Asked<T> =
  | { readonly kind: 'answer'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: string };

/**
 * The store's state as the intake sees it:
 *
 * open    it answers; everything is asked at once
 * closed  the last question failed: nothing is asked before `retryAt`; an answer opens it
 *
 * Both changes are logged, once each.
 */
export class StoreGate {
  readonly #clock: Clock;
  readonly #outage: OutageLog;
  #failures = 0;
  #problem: string | null = null;
  #retryAt: MonotonicMs | undefined;

  constructor({ clock, logger, root }: { readonly clock: Clock; readonly logger: Logger; readonly root: string }) {
    this.#clock = clock;
    const meanwhile = 'finished directories wait and are tried again';
    this.#outage = createOutageLog({ clock, logger, what: 'The database', meanwhile, fields: { root } });
  }

  /** When the store may be asked again; undefined when it may be asked now. */
  get closedUntil(): MonotonicMs | undefined {
    return this.#retryAt !== undefined && this.#retryAt > this.#clock.now() ? this.#retryAt : undefined;
  }

  /** Whether the last question failed. */
  get isClosed(): boolean {
    return this.#retryAt !== undefined;
  }

  /** Why finished directories wait for the store, and what to do; null while it takes them. It may well answer other questions. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Asks the store; never rejects. With `suspectStore` false, a failure is the question's own fault and leaves an open gate open. */
  async ask<T>(question: () => Promise<T>, suspectStore = true): Promise<Asked<T>> {
    try {
      const value = await question();
      this.#open();
      return { kind: 'answer', value };
    } catch (thrown) {
      if (suspectStore || this.isClosed) this.#close(thrown);
      return { kind: 'failed', error: toErrorName(thrown) };
    }
  }

  #open(): void {
    this.#outage.ok();
    this.#failures = 0;
    this.#retryAt = undefined;
    this.#problem = null;
  }

  #close(thrown: unknown): void {
    const reason = toErrorName(thrown);
    if (!this.isClosed) {
      const hint = thrown instanceof SenditError ? thrown.hint : undefined;
      this.#problem = `The database does not take what is finished (${reason}). ${hint ?? ''}`.trim();
      this.#outage.failed(reason, hint === undefined ? {} : { hint });
    }
    // Questions asked together fail together: that is one failure.
    if (this.closedUntil !== undefined) return;
    this.#failures += 1;
    this.#retryAt = this.#clock.now() + withJitter(toBackoffMs(this.#failures));
  }
}
