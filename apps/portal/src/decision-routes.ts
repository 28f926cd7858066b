import { type SenditApi, SenditError } from '@sendit/model';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { validator } from 'hono/validator';
import type { Access } from './batch-routes.ts';
import { parseAuditBody, parseDecision } from './decision-request.ts';
import type { PortalEnv } from './guard.ts';

const MAX_BODY_BYTES = 32 * 1024;

/** Routes below `/api/decisions`: what persons decided is looked up by anybody who may look, decided over the unix socket only. */
export function createDecisionRoutes(api: Pick<SenditApi, 'decide' | 'listAudit'>, access: Access) {
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: () => {
      throw new SenditError(`Expected a body of at most ${MAX_BODY_BYTES} bytes.`, { code: 'bad-arguments' });
    },
  });
  return new Hono<PortalEnv>()
    .post(
      '/lookup',
      limit,
      validator('json', (value) => parseAuditBody(value)),
      async (c) => c.json(await api.listAudit(c.req.valid('json'))),
    )
    .post(
      '/',
      limit,
      validator('json', (value) => parseDecision(value)),
      async (c) => {
        if (access !== 'full') {
          throw new SenditError('Expected a decision over the unix socket, this address is read-only.', {
            code: 'refused',
            hint: 'Run `sendit batch release`, `hold` or `quarantine` on the host of the watcher.',
          });
        }
        return c.json(await api.decide(c.req.valid('json')), 201);
      },
    );
}
