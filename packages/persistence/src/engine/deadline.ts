import { SenditError } from '@sendit/model';

/** Rejects with `database-unavailable` when the work has not settled after `ms`; `onLate` deals with what is still to come. */
export async function withDeadline<T>(work: Promise<T>, ms: number, where: string, onLate?: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate?.();
      reject(tooLate(ms, where));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(ms: number, where: string): SenditError {
  return new SenditError(`Expected the database ${where} to answer within ${ms / 1000} s, got nothing.`, {
    code: 'database-unavailable',
    retry: 'safe',
    hint: 'Check that the server runs and can be reached from here; the next call tries again.',
  });
}
