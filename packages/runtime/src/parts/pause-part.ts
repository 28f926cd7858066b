import { type Logger, systemClock, toMessage } from '@sendit/model';
import type { Database } from '@sendit/persistence';
import type { ImportQueue } from '@sendit/queue';
import type { Part } from './run-together.ts';

/** How soon every process follows. */
const LOOK_MS = 2_000;

/**
 * Keeps the queue paused while the database says so. The queue keeps the pause as well, and may forget it: the database is what counts.
 * Running imports end.
 */
export function toPausePart(
  { queuePause }: Pick<Database, 'queuePause'>,
  { logger, queue }: { readonly queue: Pick<ImportQueue, 'setPaused'>; readonly logger: Logger },
): Part {
  return async (signal) => {
    while (!signal.aborted) {
      try {
        const isPaused = (await queuePause.read()) !== null;
        if (await queue.setPaused(isPaused)) logger.info(isPaused ? 'Imports are paused.' : 'Imports go on.');
      } catch (error) {
        // Whoever uses them says that they do not answer.
        logger.debug('the pause of the queue could not be looked at', { error: toMessage(error) });
      }
      await systemClock.sleep(LOOK_MS, signal);
    }
  };
}
