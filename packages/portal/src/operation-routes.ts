import { asksWho, parseInput, type Route, ROUTES, type SenditApi, toAnswerStatus, toNeededRole } from '@sendit/api';
import { SenditError } from '@sendit/model';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { requireRole } from './access.ts';
import type { PortalEnv, Visitor } from './guard.ts';
import { limitBody, requireBody } from './require-body.ts';

/** Every address of the contract, answered by the operation behind it. */
export function createOperationRoutes(api: SenditApi) {
  const routes = new Hono<PortalEnv>();
  for (const route of ROUTES) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1{[0-9]+}');
    if (route.method === 'POST') routes.post(path, route.contract.bodyMayBeAbsent === true ? limitBody : requireBody);
    routes.on(route.method, path, async (c) => {
      const needed = toNeededRole(route.contract);
      const visitor = needed === undefined ? undefined : await requireRole(c, needed, route.contract.command);
      const answer = await runOperation(api, route, await readInput(c, route, visitor));
      if (answer === undefined) throw notFound();
      return c.json(answer, toAnswerStatus(route.contract, answer) as ContentfulStatusCode);
    });
  }
  return routes;
}

async function runOperation(api: SenditApi, route: Route, input: unknown): Promise<object | undefined> {
  const run = api[route.operation] as (input: unknown) => Promise<object | undefined>;
  return await run(input);
}

/** @throws SenditError `bad-arguments` */
async function readInput(c: Context<PortalEnv>, route: Route, visitor: Visitor | undefined): Promise<unknown> {
  if (route.input === undefined) return undefined;
  const told = route.method === 'GET' ? readQuery(c) : await readBody(c, route);
  const { input, toInput } = route;
  const who = visitor?.name !== undefined && asksWho(route) ? { by: visitor.name } : {};
  const parsed = parseInput(input, isRecord(told) ? { ...told, ...c.req.param(), ...who } : told);
  return toInput === undefined ? parsed : toInput(parsed as never);
}

/** A repeated parameter is a list, which only a list accepts; `needs-attention` is `needsAttention`. */
function readQuery(c: Context<PortalEnv>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(c.req.queries()).map(([key, values]) => [
      key.replaceAll(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
      values.length === 1 ? values[0] : values,
    ]),
  );
}

async function readBody(c: Context<PortalEnv>, { contract }: Route): Promise<unknown> {
  const body = await c.req.text();
  if (body === '' && contract.bodyMayBeAbsent === true) return {};
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new SenditError('Expected a JSON body, got another text.', { code: 'bad-arguments', cause });
  }
}

function notFound(): SenditError {
  return new SenditError('Expected the reference of a batch, nothing is known under the one given.', {
    code: 'not-found',
    hint: 'List what there is with `sendit batch list`.',
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
