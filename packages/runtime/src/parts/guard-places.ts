import type { Place } from '@sendit/files';
import { type Clock, type Logger, SenditError, toErrorName } from '@sendit/model';

/** How often it is looked whether the paths still lead to what is open. */
const LOOK_MS = 1_000;

export interface GuardDeps {
  readonly places: readonly Place[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Looks until aborted whether every path still leads to what this process holds open there: a directory that was deleted or replaced
 * goes on existing for who has it open, and a second watcher could start beside this one.
 * @throws SenditError `state-directory-lost`, once one does not.
 */
export async function guardPlaces({ places, clock, logger }: GuardDeps, signal: AbortSignal): Promise<void> {
  const doubtful = new Set<Place>();
  while (!signal.aborted) {
    for (const place of places) {
      try {
        if (!place.isInPlace()) throw toLost(place.path);
        doubtful.delete(place);
      } catch (error) {
        if (error instanceof SenditError) throw error;
        // A share that is away for a moment proves nothing.
        if (!doubtful.has(place)) {
          logger.warning(`Cannot tell whether ${place.path} is in place: ${toErrorName(error)}; it is looked at again`);
        }
        doubtful.add(place);
      }
    }
    await clock.sleep(LOOK_MS, signal);
  }
}

function toLost(path: string): SenditError {
  return new SenditError(`Expected ${path} to stay while the watcher runs, but it was deleted or replaced.`, {
    code: 'state-directory-lost',
    retry: 'unsafe',
    hint: 'The watcher ends, since another one could start beside it. Put the directory back, if it was moved, and start again; without it, what is in the watch paths is taken anew.',
  });
}
