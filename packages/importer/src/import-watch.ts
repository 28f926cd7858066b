import type { Clock, ImportTimes } from '@sendit/model';

/** Times the steps of one import: listing from its making on, reading from the first question for its time. */
export class ImportWatch {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #startedAt: number;
  #readingAt: number | undefined;
  #apartMs = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  /** Milliseconds since reading began, without what was done {@link apart}. */
  readingMs(): number {
    const now = this.#clock.now();
    this.#readingAt ??= now;
    return now - this.#readingAt - this.#apartMs;
  }

  /** Does something that is no part of reading. */
  async apart<T>(work: () => Promise<T>): Promise<T> {
    const startedAt = this.#clock.now();
    try {
      return await work();
    } finally {
      this.#apartMs += this.#clock.now() - startedAt;
    }
  }

  /** Times up to now. */
  toTimes(hashMs: number): ImportTimes {
    const readingMs = this.readingMs();
    return {
      listingMs: Math.round((this.#readingAt ?? this.#startedAt) - this.#startedAt),
      readingMs: Math.round(readingMs),
      hashingMs: Math.round(hashMs),
    };
  }
}
