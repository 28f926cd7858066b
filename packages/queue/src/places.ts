import pLimit from 'p-limit';

/** Runs work when one of some places is free, in the order of asking. */
export type Places = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets `most` work at a time. */
export function createPlaces(most: number): Places {
  return pLimit(most);
}
