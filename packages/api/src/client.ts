export { parseErrorBody } from './error-body.ts';
import { SenditError } from '@sendit/model';
import type { SenditApi } from './contract.ts';
import { parseErrorBody } from './error-body.ts';
import { OPERATIONS, type OperationName, type Place } from './operations.ts';

/** How to reach an installation. */
export interface ClientOptions {
  /** `http://host:port`, or the address of the page where it lies under a path. */
  readonly baseUrl: string;
  /** The platform's by default. */
  readonly fetch?: typeof fetch;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** Turns what `fetch` throws into an error of the caller's; it is passed on as it is by default. */
  readonly toConnectionError?: (cause: unknown) => unknown;
}

/**
 * A client of the API, over any `fetch`; it holds nothing and needs no closing. Errors of the server come back with their code, hint and problems.
 * @throws SenditError from every method: what the server says, or `internal` where something else answers
 */
export function createApiClient(options: ClientOptions): SenditApi {
  const operations = Object.entries<Place>(OPERATIONS).map(([name, place]) => [
    name,
    (input?: object) => ask(name as OperationName, place, { ...options, input: { ...input } }),
  ]);
  return Object.fromEntries(operations) as SenditApi;
}

/** Values allowed in an address or a body. */
type Told = string | number | boolean | readonly string[] | undefined;

interface Ask extends ClientOptions {
  readonly input: Readonly<Record<string, Told>>;
}

async function ask(name: OperationName, place: Place, options: Ask): Promise<unknown> {
  const { baseUrl, fetch: send = fetch, toConnectionError, token } = options;
  const { path, rest } = fillPath(place.path, options.input);
  const isGet = place.method === 'GET';
  const query = isGet ? toQuery(rest) : '';
  const response = await send(`${baseUrl.replace(/\/$/, '')}${path}${query}`, {
    method: place.method,
    headers: {
      ...(isGet ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(isGet ? {} : { body: JSON.stringify(rest) }),
  }).catch((cause: unknown) => {
    throw toConnectionError === undefined ? cause : toConnectionError(cause);
  });
  const body = parseJson(await response.text());
  const error = parseErrorBody(body);
  if (error?.code === 'not-found' && place.mayBeAbsent === true) return undefined;
  if (error !== undefined) throw error;
  if (body !== undefined && (response.ok || place.alsoFine?.includes(response.status) === true)) return body;
  throw new SenditError(`Expected an answer of sendit to ${name}, got HTTP ${response.status}.`, {
    code: 'internal',
    hint: 'The watcher may be of another version: restart it with `sendit watcher restart`.',
  });
}

function fillPath(template: string, input: Ask['input']): { readonly path: string; readonly rest: Ask['input'] } {
  const rest = { ...input };
  const path = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  return { path, rest };
}

function toQuery(input: Ask['input']): string {
  const entries = Object.entries(input).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
