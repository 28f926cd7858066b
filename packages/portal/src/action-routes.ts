import { ACTION_STATES, type ActionQuery, type SenditApi } from '@sendit/model';
import { Hono } from 'hono';
import { validator } from 'hono/validator';
import { checkBody, type FieldCheck, FIELDS, optional } from './check-body.ts';
import { type Access, requireFull } from './batch-routes.ts';
import type { PortalEnv } from './guard.ts';
import { requireBody } from './require-body.ts';

const CHECKS: Readonly<Record<keyof ActionQuery, FieldCheck>> = {
  batch: optional([(value) => typeof value === 'string' && value !== '' && value.length <= 4096, 'a text']),
  root: optional(FIELDS.root),
  state: optional([(value) => ACTION_STATES.some((known) => known === value), `one of ${ACTION_STATES.join(', ')}`]),
  limit: optional(FIELDS.limit),
};

/** Routes below `/api/actions`. The filter stands in the body: a batch may be named by its directory. */
export function createActionRoutes(api: SenditApi, access: Access) {
  const query = validator('json', (value) => checkBody<ActionQuery>(value, CHECKS));
  return new Hono<PortalEnv>()
    .post('/list', requireBody, query, async (c) => c.json(await api.listActions(c.req.valid('json'))))
    .post('/retry', requireBody, query, async (c) => {
      requireFull(access);
      return c.json(await api.retryActions(c.req.valid('json')), 202);
    });
}
