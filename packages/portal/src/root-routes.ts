import { type SenditApi, SenditError } from '@sendit/model';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { validator } from 'hono/validator';
import type { Access } from './batch-routes.ts';
import { parseAcceptMount } from './decision-request.ts';
import type { PortalEnv } from './guard.ts';

const MAX_BODY_BYTES = 32 * 1024;

/** Routes below `/api/roots`: what lies at a watch path is accepted over the unix socket only. */
export function createRootRoutes(api: Pick<SenditApi, 'acceptMount'>, access: Access) {
  return new Hono<PortalEnv>().post(
    '/accept',
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw new SenditError(`Expected a body of at most ${MAX_BODY_BYTES} bytes.`, { code: 'bad-arguments' });
      },
    }),
    validator('json', (value) => parseAcceptMount(value)),
    async (c) => {
      if (access !== 'full') {
        throw new SenditError('Expected this over the unix socket, this address is read-only.', {
          code: 'refused',
          hint: 'Run `sendit root accept` on the host of the watcher.',
        });
      }
      return c.json(await api.acceptMount(c.req.valid('json')), 201);
    },
  );
}
