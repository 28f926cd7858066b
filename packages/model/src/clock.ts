/** Milliseconds on a clock that never steps back; only differences mean something. */
export type MonotonicMs = number;

/** Time, passed in so that tests can hold it. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): MonotonicMs;
  /** Resolves after `ms` milliseconds, or at once when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock (`performance.now`, `setTimeout`). Timers are clamped to 2^31-1 ms as Node does. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(Math.max(ms, 0), 0x7fff_ffff));
      signal?.addEventListener('abort', done, { once: true });
    }),
};
