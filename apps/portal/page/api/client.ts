import { createApiClient } from '@sendit/api/client';

/** Where the page lies, with a slash at its end: it may be below a path of a proxy. */
const BASE = new URL('.', document.baseURI);

/** The address of a route of the API, given as `api/live`. */
export function toAddress(route: string): string {
  return new URL(route, BASE).href;
}

/** The API that serves this page. */
export const api = createApiClient({ baseUrl: BASE.href });
