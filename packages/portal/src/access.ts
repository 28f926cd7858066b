import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { mayActAs, type Role, SenditError } from '@sendit/model';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { csrf } from 'hono/csrf';
import type { PortalEnv, Visitor } from './guard.ts';
import { toDigest } from './people/digest.ts';
import { type People, TOKEN_PREFIX } from './people/people-api.ts';

/** Who may do what: `read-only` looks, `full` may also change something. */
export type Access = 'read-only' | 'full';

/** The token of an installation: whoever knows it sees names and may act, as does who signs in. */
export interface TokenAccess {
  readonly token: string;
  /** Whether everybody who reaches the address sees health and counts, without names: on loopback. */
  readonly isHealthOpen: boolean;
  /** Accounts, sessions and tokens of scripts; without them there is the one token. */
  readonly people?: People | undefined;
}

/** As long as a browser keeps cookies at all (RFC 6265bis). */
const COOKIE_S = 400 * 24 * 3600;

/** Told apart from those of other installations on this host: cookies know no ports. */
export function toCookieNames(token: string): { readonly link: string; readonly session: string } {
  const own = createHash('sha256').update(token).digest('hex').slice(0, 12);
  return { link: `sendit_${own}`, session: `sendit_session_${own}` };
}

/** Not the token itself: what a browser keeps opens the page, and nothing else. */
function toCookieValue(token: string): string {
  return createHmac('sha256', token).update('cookie').digest('base64url');
}

/** Everybody may do the same: the file system says who may connect. */
export function recognizeAll(access: Access): MiddlewareHandler<PortalEnv> {
  const role: Role = access === 'full' ? 'admin' : 'viewer';
  const visitor: Visitor = { name: undefined, role, kind: 'local', isByCookie: false };
  return async (c, next) => {
    c.set('findVisitor', () => Promise.resolve(visitor));
    await next();
  };
}

/**
 * Tells visitors apart: by the link that carries the token of the installation and the cookie that it leaves, by the cookie of a session, or
 * by `Authorization: Bearer`. The token does not stay in the address. The database is asked when an answer depends on it, not before.
 */
export function recognizeVisitors({ people, token }: TokenAccess): MiddlewareHandler<PortalEnv> {
  const [names, value] = [toCookieNames(token), toCookieValue(token)];
  const recognize = async (c: Context<PortalEnv>): Promise<Visitor | undefined> => {
    const bearer = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (bearer !== undefined && isSame(bearer, token)) return { ...LINK, isByCookie: false };
    if (bearer?.startsWith(TOKEN_PREFIX) === true) {
      const found = await people?.findToken(toDigest(bearer));
      return found && { ...found, name: `token:${found.name}`, kind: 'token', isByCookie: false };
    }
    if (bearer !== undefined) return undefined;
    const session = getCookie(c, names.session);
    const found = session === undefined ? undefined : await people?.findSession(toDigest(session));
    if (found !== undefined) return { ...found, kind: 'account', isByCookie: true };
    const cookie = getCookie(c, names.link);
    return cookie !== undefined && isSame(cookie, value) ? { ...LINK, isByCookie: true } : undefined;
  };
  return async (c, next) => {
    const given = c.req.method === 'GET' && c.req.path === '/' ? c.req.query('token') : undefined;
    if (given !== undefined) {
      if (isSame(given, token)) {
        const secure = c.env?.forwarded?.proto === 'https';
        setCookie(c, names.link, value, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge: COOKIE_S, secure });
      }
      // Relative: a proxy may have us below a path that nobody told us.
      return c.redirect('./', 303);
    }
    c.set('findVisitor', () => recognize(c));
    await next();
  };
}

const LINK = { name: 'token', role: 'admin', kind: 'link' } as const;

/** Who asks; undefined for somebody who has shown nothing that is known. */
export async function findVisitor(c: Context<PortalEnv>): Promise<Visitor | undefined> {
  return await c.get('findVisitor')?.();
}

/** What the browser adds by itself proves nothing about who made it ask: such a request must come from the page. */
export function guardCookies(): MiddlewareHandler<PortalEnv> {
  const guard = csrf();
  return async (c, next) => {
    if (c.req.header('authorization') === undefined && c.req.header('cookie') !== undefined)
      return await guard(c, next);
    return await next();
  };
}

/**
 * Who asks, where it may do what this role may.
 * @throws SenditError `unauthorized` for a visitor who has shown nothing, `refused` for one with a lesser role
 */
export async function requireRole(c: Context<PortalEnv>, needed: Role, command?: string): Promise<Visitor> {
  const visitor = await findVisitor(c);
  if (visitor === undefined) {
    c.header('WWW-Authenticate', 'Bearer');
    throw new SenditError(
      'Expected somebody who is signed in, or the token of this installation: names are for those.',
      {
        code: 'unauthorized',
        hint: 'Sign in, or open the link that `sendit portal open` prints; a script sends `Authorization: Bearer` with a token of `sendit token create`.',
      },
    );
  }
  if (mayActAs(visitor.role, needed)) return visitor;
  if (visitor.kind === 'local') {
    throw new SenditError('Expected this over the unix socket, this address is read-only.', {
      code: 'refused',
      hint: `Run \`${command ?? 'sendit'}\` on the host of the watcher.`,
    });
  }
  throw new SenditError(`Expected the role ${needed} for this, yours is ${visitor.role}.`, {
    code: 'refused',
    hint: 'An admin gives roles: `sendit user role`.',
  });
}

/** In equal time whatever differs. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
