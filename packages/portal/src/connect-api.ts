import { type SenditApi, SenditError } from '@sendit/model';
import { hc } from 'hono/client';
import { RETRY_STATUS } from './retry-status.ts';
import type { PortalApp } from './create-portal.ts';
import { parseErrorBody } from './http-error.ts';
import { toErrno } from './errno.ts';
import { createSocketFetch } from './socket-fetch.ts';

const RETRY_STATUSES: readonly number[] = Object.values(RETRY_STATUS);

/** How to talk to a daemon. */
export interface ConnectOptions {
  /** Longest time for one answer; 10000 by default. */
  readonly timeoutMs?: number;
}

/** The daemon's API as seen from another process. */
export interface ApiClient extends SenditApi {
  /** Whether a daemon answers on the socket; false when nobody listens. @throws SenditError when somebody does and does not answer */
  ping(): Promise<boolean>;
}

/**
 * A client for the unix socket of {@link serveSocket}; it connects per call and needs no closing. Errors of the daemon come back
 * with their code, hint and problems.
 * @throws SenditError from every method: `not-running` when nobody listens, `refused` when the socket is another user's,
 * `internal` when no answer comes in time
 */
export function connectApi(socketPath: string, options: ConnectOptions = {}): ApiClient {
  const { timeoutMs = 10_000 } = options;
  const { api, healthz } = hc<PortalApp>('http://localhost', { fetch: createSocketFetch({ socketPath, timeoutMs }) });

  /** Sends, and turns what went wrong below HTTP into words. */
  async function send<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (cause) {
      throw toConnectionError(cause, timeoutMs);
    }
  }

  const client: ApiClient = {
    async status() {
      const response = await send(() => api.status.$get());
      if (!response.ok) throw await toServerError(response);
      return await response.json();
    },
    async listPending() {
      const response = await send(() => api.pending.$get());
      if (!response.ok) throw await toServerError(response);
      return await response.json();
    },
    async listBatches(query) {
      const response = await send(() => api.batches.list.$post({ json: query }));
      if (!response.ok) throw await toServerError(response);
      return await response.json();
    },
    async showBatch(ref) {
      const response = await send(() => api.batches.lookup.$post({ json: { ref } }));
      if (response.ok) return await response.json();
      const error = await toServerError(response);
      if (error.code === 'not-found') return undefined;
      throw error;
    },
    async retryBatch(ref, by) {
      const batch = await client.showBatch(ref);
      if (batch === undefined) return { kind: 'not-found' };
      const response = await send(() =>
        api.batches[':id'].retry.$post({ param: { id: batch.id }, json: by === undefined ? {} : { by } }),
      );
      if (!RETRY_STATUSES.includes(response.status)) throw await toServerError(response);
      return await response.json();
    },
    async retryBatches(query) {
      const response = await send(() => api.batches.retry.$post({ json: query }));
      if (!response.ok) throw await toServerError(response);
      return await response.json();
    },
    async decide(request) {
      const response = await send(() => api.decisions.$post({ json: request }));
      if (!response.ok) throw await toServerError(response);
      return await response.json();
    },
    async acceptMount(request) {
      const response = await send(() => api.roots.accept.$post({ json: request }));
      if (!response.ok) throw await toServerError(response);
      return await response.json();
    },
    async listAudit({ ref, limit }) {
      const json = { ...(ref === undefined ? {} : { ref }), ...(limit === undefined ? {} : { limit }) };
      const response = await send(() => api.decisions.lookup.$post({ json }));
      if (!response.ok) throw await toServerError(response);
      return await response.json();
    },
    async listActions(query) {
      const response = await send(() => api.actions.list.$post({ json: query }));
      if (!response.ok) throw await toServerError(response);
      return await response.json();
    },
    async retryActions(query) {
      const response = await send(() => api.actions.retry.$post({ json: query }));
      if (!response.ok) throw await toServerError(response);
      return await response.json();
    },
    async ping() {
      try {
        return (await send(() => healthz.$get())).ok;
      } catch (thrown) {
        if (thrown instanceof SenditError && thrown.code === 'not-running') return false;
        throw thrown;
      }
    },
  };
  return client;
}

async function toServerError(response: { status: number; text(): Promise<string> }): Promise<SenditError> {
  const error = parseErrorBody(parseJson(await response.text()));
  return (
    error ??
    new SenditError(`Expected an answer of sendit on the socket, got HTTP ${response.status}.`, {
      code: 'internal',
      hint: 'The watcher may be of another version: restart it with `sendit watcher restart`.',
    })
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
