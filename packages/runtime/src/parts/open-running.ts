import { type Handle, SenditError, toHandle } from '@sendit/model';

/** Something that runs. `close()` stops it, lets what it began end, and rejects with the failure that ended it before, if one did. */
export interface Running extends Handle {
  /** Settles when it has ended: rejects with the failure, if one ended it. */
  readonly ended: Promise<void>;
}

/** How a part of sendit is run that lasts until it is aborted. */
export interface RunUntil<Ready> {
  readonly signal: AbortSignal;
  /** Called once, when everything stands. */
  readonly onReady: (ready: Ready) => void;
}

/**
 * Starts what lasts until it is aborted, and resolves once it stands.
 * @throws whatever keeps it from standing; nothing is left open then.
 */
export async function openRunning<Ready>(run: (until: RunUntil<Ready>) => Promise<void>): Promise<Ready & Running> {
  const stop = new AbortController();
  let ended: Promise<void> = Promise.resolve();
  const ready = await new Promise<Ready>((resolve, reject) => {
    ended = run({ signal: stop.signal, onReady: resolve });
    ended.then(() => reject(endedEarly()), reject);
  });
  const close = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  return { ...ready, ended, ...toHandle(close) };
}

function endedEarly(): SenditError {
  return new SenditError('It ended before it stood.', { code: 'internal' });
}
