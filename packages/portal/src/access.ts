import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { SenditError } from '@sendit/model';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { PortalEnv } from './guard.ts';

/** Who may do what: `read-only` looks, `full` may also change something. */
export type Access = 'read-only' | 'full';

/** The token of an installation: whoever knows it sees names and may act. */
export interface TokenAccess {
  readonly token: string;
  /** Whether everybody who reaches the address sees health and counts, without names: on loopback. */
  readonly isHealthOpen: boolean;
}

/** As long as a browser keeps cookies at all (RFC 6265bis). */
const COOKIE_S = 400 * 24 * 3600;

/** Told apart from those of other installations on this host: cookies know no ports. */
function toCookieName(token: string): string {
  return `sendit_${createHash('sha256').update(token).digest('hex').slice(0, 12)}`;
}

/** Not the token itself: what a browser keeps opens the page, and nothing else. */
function toCookieValue(token: string): string {
  return createHmac('sha256', token).update('cookie').digest('base64url');
}

/**
 * Tells known visitors from others: by the link that carries the token, by the cookie that it leaves, or by `Authorization: Bearer`. The token
 * does not stay in the address.
 */
export function recognizeVisitors({ token }: TokenAccess): MiddlewareHandler<PortalEnv> {
  const [name, value] = [toCookieName(token), toCookieValue(token)];
  return async (c, next) => {
    const given = c.req.method === 'GET' && c.req.path === '/' ? c.req.query('token') : undefined;
    if (given !== undefined) {
      if (isSame(given, token)) {
        const secure = c.env?.forwarded?.proto === 'https';
        setCookie(c, name, value, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: COOKIE_S, secure });
      }
      // Relative: a proxy may have us below a path that nobody told us.
      return c.redirect('./', 303);
    }
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const cookie = getCookie(c, name);
    const isKnown = (bearer !== undefined && isSame(bearer, token)) || (cookie !== undefined && isSame(cookie, value));
    c.set('visitor', isKnown ? 'known' : 'anonymous');
    await next();
  };
}

/** Whether a request is of somebody who may see names. Without a token the address itself says who may come. */
export function isKnown(c: Context<PortalEnv>): boolean {
  return c.get('visitor') !== 'anonymous';
}

/** @throws SenditError `unauthorized` for a visitor who has shown no token */
export function requireKnown(c: Context<PortalEnv>): void {
  if (isKnown(c)) return;
  c.header('WWW-Authenticate', 'Bearer');
  throw new SenditError('Expected the token of this installation: names are shown to those who have it.', {
    code: 'unauthorized',
    hint: 'Open the link that `sendit portal open` prints; a script sends `Authorization: Bearer` with the token of `sendit watcher status --json`.',
  });
}

/** In equal time whatever differs. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
