/** Files of a batch that needs no slot: it is read in some milliseconds, and its rows are few. */
const SMALL = 1_000;

interface Waiting {
  readonly resolve: () => void;
}

/**
 * Limits the number of large batches imported at a time: each holds thousands of instances in memory and reads for
 * long. Small ones never wait behind them for a slot; many of them at once can be committed together.
 */
export class LargeSlots {
  readonly #waiting = new Set<Waiting>();
  #free: number;

  constructor(slots: number) {
    this.#free = slots;
  }

  /**
   * Resolves when a batch with this number of files may be imported; its disposal frees the slot. @throws the signal's
   * reason.
   */
  async take(files: number, signal: AbortSignal): Promise<Disposable> {
    if (files <= SMALL) return { [Symbol.dispose]: () => undefined };
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    let isFree = false;
    return {
      [Symbol.dispose]: () => {
        if (!isFree) this.#release();
        isFree = true;
      },
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        resolve: () => {
          signal.removeEventListener('abort', abort);
          resolve();
        },
      };
      const abort = (): void => {
        this.#waiting.delete(waiting);
        const reason: unknown = signal.reason;
        reject(reason instanceof Error ? reason : new Error('aborted', { cause: reason }));
      };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** To the one that waits longest. */
  #release(): void {
    const [first] = this.#waiting;
    if (first === undefined) this.#free += 1;
    else {
      this.#waiting.delete(first);
      first.resolve();
    }
  }
}
