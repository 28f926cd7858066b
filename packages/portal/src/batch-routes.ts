import { type RetryOutcome, type SenditApi, SenditError } from '@sendit/model';
import { Hono } from 'hono';
import { validator } from 'hono/validator';
import { type BatchQueryStrings, parseBatchList, parseBatchQuery, parseLookup } from './batch-request.ts';
import { parseRetryBody, parseRetryQuery } from './retry-request.ts';
import type { PortalEnv } from './guard.ts';
import { limitBody, requireBody } from './require-body.ts';
import { RETRY_STATUS } from './retry-status.ts';

/** Who may do what: `read-only` looks, `full` may also change something. */
export type Access = 'read-only' | 'full';

/**
 * Routes below `/api/batches`. Ids stand in URLs; names and paths do not, they may say who the patient is: those are looked up
 * through a request body.
 */
export function createBatchRoutes(api: SenditApi, access: Access) {
  const query = validator('query', (value): BatchQueryStrings => {
    parseBatchQuery(value);
    return value;
  });
  return new Hono<PortalEnv>()
    .get('/', query, async (c) => c.json(await api.listBatches(parseBatchQuery(c.req.valid('query')))))
    .post(
      '/list',
      requireBody,
      validator('json', (value) => parseBatchList(value)),
      async (c) => c.json(await api.listBatches(c.req.valid('json'))),
    )
    .post(
      '/lookup',
      requireBody,
      validator('json', (value) => parseLookup(value)),
      async (c) => {
        const batch = await api.showBatch(c.req.valid('json').ref);
        if (batch === undefined) throw notFound();
        return c.json(batch);
      },
    )
    .get('/:id', async (c) => c.json(await readById(api, c.req.param('id'))))
    .post(
      '/retry',
      requireBody,
      validator('json', (value) => parseRetryQuery(value)),
      async (c) => {
        requireFull(access);
        return c.json(await api.retryBatches(c.req.valid('json')), 202);
      },
    )
    .post(
      '/:id/retry',
      limitBody,
      validator('json', (value) => parseRetryBody(value)),
      async (c) => {
        requireFull(access);
        const id = c.req.param('id');
        const isKnown = (await api.showBatch(toRef(id)))?.id === id;
        const outcome: RetryOutcome = isKnown
          ? await api.retryBatch(toRef(id), c.req.valid('json').by)
          : { kind: 'not-found' };
        return c.json(outcome, RETRY_STATUS[outcome.kind]);
      },
    );
}

/** @throws SenditError `refused` where one may only look. */
export function requireFull(access: Access): void {
  if (access === 'full') return;
  throw new SenditError('Expected a retry over the unix socket, this address is read-only.', {
    code: 'refused',
    hint: 'Run `sendit batch retry` on the host of the watcher.',
  });
}

/** As an id and nothing else: a directory may be named by digits. */
function toRef(id: string): string {
  return /^\d+$/.test(id) ? `id:${id}` : id;
}

/** An id only: what the api would also find by name or path does not count in a URL. */
async function readById(api: SenditApi, id: string) {
  const batch = await api.showBatch(toRef(id));
  if (batch?.id !== id) throw notFound();
  return batch;
}

function notFound(): SenditError {
  return new SenditError('Expected the reference of a batch, nothing is known under the one given.', {
    code: 'not-found',
    hint: 'List what there is with `sendit batch list`.',
  });
}
