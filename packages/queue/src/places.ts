/** Runs work when one of some places is free, in the order of asking. */
export type Places = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets `most` work at a time. */
export function createPlaces(most: number): Places {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
