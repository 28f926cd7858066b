/** Named moments on the monotonic clock, one timer for all of them. */
export class Ticker {
  readonly #onDue: () => void;
  readonly #moments = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #held = false;

  constructor(onDue: () => void) {
    this.#onDue = onDue;
  }

  /** Sets a moment, in place of an earlier setting. */
  at(name: string, moment: number): void {
    this.#moments.set(name, moment);
    if (moment < this.#timerAt) this.#arm(moment);
  }

  /** Sets a moment from now, unless it is set. */
  after(name: string, ms: number): void {
    if (!this.#moments.has(name)) this.at(name, performance.now() + ms);
  }

  /** Whether a moment has come; it is unset then. */
  isDue(name: string, now: number): boolean {
    const moment = this.#moments.get(name);
    if (moment === undefined || moment > now) return false;
    return this.#moments.delete(name);
  }

  /** Keeps the process alive from now on. */
  ref(): void {
    this.#held = true;
    this.#timer?.ref();
  }

  clear(): void {
    this.#moments.clear();
    clearTimeout(this.#timer);
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #arm(moment: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = moment;
    const ms = Math.min(Math.max(moment - performance.now(), 0) + 1, 0x7fff_ffff);
    this.#timer = setTimeout(() => this.#ring(), ms);
    if (!this.#held) this.#timer.unref();
  }

  #ring(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#moments.delete('move');
    const next = Math.min(...this.#moments.values());
    const now = performance.now();
    // What is due now is taken by the owner, who sets it anew.
    if (next > now && next < Number.POSITIVE_INFINITY) this.#arm(next);
    this.#onDue();
  }
}
