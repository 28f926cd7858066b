import { SenditError } from '@sendit/model';
import type { MiddlewareHandler } from 'hono';

const MAX_BODY_BYTES = 32 * 1024;

/**
 * No request of ours is longer, and all say how long they are. Hono's own limit cannot read a body of unknown length on Node.
 * @throws SenditError `bad-arguments`
 */
export const limitBody: MiddlewareHandler = async (c, next) => {
  if (c.req.header('transfer-encoding') !== undefined) {
    throw new SenditError('Expected a body with a Content-Length, got one of unknown length.', {
      code: 'bad-arguments',
    });
  }
  if (Number(c.req.header('content-length') ?? 0) > MAX_BODY_BYTES) {
    throw new SenditError(`Expected a body of at most ${MAX_BODY_BYTES} bytes.`, { code: 'bad-arguments' });
  }
  await next();
};

/**
 * The same, of a JSON body that has to be there: without it, what was meant as a filter would stand for everything.
 * @throws SenditError `bad-arguments`
 */
export const requireBody: MiddlewareHandler = async (c, next) => {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw new SenditError('Expected a JSON body with Content-Type: application/json.', {
      code: 'bad-arguments',
      hint: 'Send {} where nothing is to be said.',
    });
  }
  await limitBody(c, next);
};
