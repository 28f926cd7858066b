import type { Clock, RatedProgress } from '@sendit/model';

const LEAST_MS = 1_000;

/**
 * Brings to the queue how far a job has come: at most once a second, and when all is read; one at a time, the newest of those that waited.
 * It is for people to see: a queue that is slow or away holds up no job.
 */
export function createProgressReport(
  send: (progress: RatedProgress) => Promise<void>,
  clock: Pick<Clock, 'now'>,
): (progress: RatedProgress) => void {
  let takenAt = clock.now();
  let isSending = false;
  let next: RatedProgress | undefined;

  const sendAll = async (): Promise<void> => {
    isSending = true;
    for (let progress = next; progress !== undefined; progress = next) {
      next = undefined;
      await send(progress).catch(() => undefined);
    }
    isSending = false;
  };

  return (progress) => {
    const now = clock.now();
    const isLast = progress.filesDone === progress.filesTotal;
    if (!isLast && now - takenAt < LEAST_MS) return;
    takenAt = now;
    next = progress;
    if (!isSending) void sendAll();
  };
}
