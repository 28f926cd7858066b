import type { SenditApi } from '@sendit/api';
import { createApiClient } from '@sendit/api/client';
import { SenditError, toErrno } from '@sendit/model';
import { createSocketFetch } from './socket-fetch.ts';

/** How to talk to a daemon. */
export interface ConnectOptions {
  /** Longest time for one answer; 10000 by default. */
  readonly timeoutMs?: number;
}

/** The daemon's API as seen from another process. */
export type ApiClient = SenditApi & {
  /** Whether a daemon answers on the socket; false when nobody listens. @throws SenditError when somebody does and does not answer */
  ping(): Promise<boolean>;
};

/**
 * A client for the unix socket of {@link serveSocket}; it connects per call and needs no closing. Errors of the daemon come back
 * with their code, hint and problems.
 * @throws SenditError from every method: `not-running` when nobody listens, `refused` when the socket is another user's,
 * `internal` when no answer comes in time
 */
export function connectApi(socketPath: string, options: ConnectOptions = {}): ApiClient {
  const { timeoutMs = 10_000 } = options;
  const baseUrl = 'http://localhost';
  const fetch = createSocketFetch({ socketPath, timeoutMs });
  const toError = (cause: unknown): SenditError => toConnectionError(cause, timeoutMs);
  return {
    ...createApiClient({ baseUrl, fetch, toConnectionError: toError }),
    async ping() {
      try {
        return (await fetch(`${baseUrl}/healthz`)).ok;
      } catch (cause) {
        const error = toError(cause);
        if (error.code === 'not-running') return false;
        throw error;
      }
    },
  };
}

function toConnectionError(cause: unknown, timeoutMs: number): SenditError {
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return new SenditError(`Expected an answer of the watcher within ${timeoutMs} ms, got none.`, {
      code: 'internal',
      retry: 'safe',
      hint: 'The watcher listens but does not answer: look into its log, or restart it.',
      cause,
    });
  }
  const errno = toErrno(cause);
  if (errno === 'EACCES' || errno === 'EPERM') {
    return new SenditError('The socket of the watcher belongs to another user.', {
      code: 'refused',
      hint: 'Run the command as the user of the watcher.',
      cause,
    });
  }
  return new SenditError(`No watcher answers on the socket (${errno ?? 'unknown error'}).`, {
    code: 'not-running',
    retry: 'safe',
    hint: 'Start it with `sendit watcher start`.',
    cause,
  });
}
