import { type SenditApi, SenditError } from '@sendit/model';
import { Hono } from 'hono';
import { validator } from 'hono/validator';
import type { Access } from './batch-routes.ts';
import { parseAuditBody, parseDecision } from './decision-request.ts';
import type { PortalEnv } from './guard.ts';
import { requireBody } from './require-body.ts';

/** Routes below `/api/decisions`: what persons decided is looked up by anybody who may look, decided over the unix socket only. */
export function createDecisionRoutes(api: Pick<SenditApi, 'decide' | 'listAudit'>, access: Access) {
  return new Hono<PortalEnv>()
    .post(
      '/lookup',
      requireBody,
      validator('json', (value) => parseAuditBody(value)),
      async (c) => c.json(await api.listAudit(c.req.valid('json'))),
    )
    .post(
      '/',
      requireBody,
      validator('json', (value) => parseDecision(value)),
      async (c) => {
        if (access !== 'full') {
          throw new SenditError('Expected a decision over the unix socket, this address is read-only.', {
            code: 'refused',
            hint: 'Run `sendit batch release`, `hold`, `quarantine`, `accept` or `acknowledge` on the host of the watcher.',
          });
        }
        return c.json(await api.decide(c.req.valid('json')), 201);
      },
    );
}
