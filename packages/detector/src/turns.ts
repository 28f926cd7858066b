/** Slices of the event loop, shared by all that work in it for longer than a moment. */
export interface Turns {
  /** Resolves at once while a slice lasts; else with the next one, after all who asked before. */
  take(): Promise<void>;
}

/** Time slice in ms before others are let in. */
const SLICE_MS = 8;

/** Gives turns; `now`: rising milliseconds, of the machine's clock by default. */
export function createTurns(now: () => number = () => performance.now()): Turns {
  let until = Number.NEGATIVE_INFINITY;
  let last: Promise<void> = Promise.resolve();
  return {
    take: async () => {
      if (now() < until) return;
      last = last.then(nextTurn).then(() => {
        until = now() + SLICE_MS;
      });
      await last;
    },
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
