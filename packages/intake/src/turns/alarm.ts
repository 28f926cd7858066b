import type { Clock } from '@sendit/model';

/** Longest that is slept without being rung: the clock's own limit. */
const LONGEST_MS = 0x7fff_ffff;

/** A sleep that can be cut short. Rung while nobody waits, it cuts short the next wait. */
export class Alarm {
  readonly #clock: Clock;
  #rung = false;
  #waiting: AbortController | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the wait. */
  ring(): void {
    this.#rung = true;
    this.#waiting?.abort();
  }

  /** Resolves after `ms` (without it: never by itself), when rung, or when the signal aborts. One waiter at a time. */
  async wait(ms: number | undefined, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const waiting = new AbortController();
      const end = (): void => waiting.abort();
      this.#waiting = waiting;
      signal.addEventListener('abort', end, { once: true });
      await this.#clock.sleep(Math.ceil(ms ?? LONGEST_MS), waiting.signal);
      signal.removeEventListener('abort', end);
      this.#waiting = undefined;
    }
    this.#rung = false;
  }
}
