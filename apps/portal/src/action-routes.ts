import { ACTION_STATES, type ActionQuery, type SenditApi, SenditError } from '@sendit/model';
import { Hono } from 'hono';
import { validator } from 'hono/validator';
import { MAX_LIMIT } from './batch-request.ts';
import { type Access, limitBody, requireFull } from './batch-routes.ts';
import type { PortalEnv } from './guard.ts';

const KEYS = ['batch', 'root', 'state', 'limit'];

/** Routes below `/api/actions`. The filter stands in the body: a batch may be named by its directory. */
export function createActionRoutes(api: SenditApi, access: Access) {
  const query = validator('json', (value) => parseActionQuery(value));
  return new Hono<PortalEnv>()
    .post('/list', limitBody, query, async (c) => c.json(await api.listActions(c.req.valid('json'))))
    .post('/retry', limitBody, query, async (c) => {
      requireFull(access);
      return c.json(await api.retryActions(c.req.valid('json')), 202);
    });
}

/**
 * Checks the filter, reporting every problem at once.
 * @throws SenditError `bad-arguments`
 */
function parseActionQuery(body: unknown): ActionQuery {
  const values: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  const { batch, root, state, limit } = values;
  const problems: string[] = [];
  for (const [key, value] of Object.entries({ batch, root })) {
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      problems.push(`Expected \`${key}\` to be a text.`);
  }
  if (state !== undefined && !ACTION_STATES.some((known) => known === state)) {
    problems.push(`Expected \`state\` to be one of ${ACTION_STATES.join(', ')}.`);
  }
  const isCount = typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT;
  if (limit !== undefined && !isCount) problems.push(`Expected \`limit\` to be a whole number from 1 to ${MAX_LIMIT}.`);
  if (Object.keys(values).some((key) => !KEYS.includes(key))) {
    problems.push(`Expected only the fields ${KEYS.join(', ')}, got another one.`);
  }
  const [first] = problems;
  if (first !== undefined) throw new SenditError(first, { code: 'bad-arguments', problems });
  return values as ActionQuery;
}
