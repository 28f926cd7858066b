/** Cuts a wait short from elsewhere in the process. */
export interface Wake {
  /** Ends the current wait, or the next one at once when nobody waits now. */
  wake(): void;
  /** Resolves on `wake`, after `ms` milliseconds, or when the signal aborts; never rejects. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** For one waiter (the relay) and any number of wakers (the sealers). */
export function createWake(): Wake {
  let pending = false;
  let end: (() => void) | undefined;
  return {
    wake() {
      pending = true;
      end?.();
    },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          end = undefined;
          pending = false;
          resolve();
        };
        const timer = setTimeout(done, ms);
        if (pending || signal.aborted) return done();
        end = done;
        signal.addEventListener('abort', done, { once: true });
      }),
  };
}
