import { randomBytes } from 'node:crypto';
import { parseInput, type SignInRequest, signInRequest, userName } from '@sendit/api';
import { type Role, SenditError, systemClock } from '@sendit/model';
import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { findVisitor } from '../access.ts';
import type { PortalEnv } from '../guard.ts';
import { requireBody } from '../require-body.ts';
import { createAttemptLimits } from './attempt-limits.ts';
import { toDigest } from './digest.ts';
import { verifyPassword } from './passwords.ts';
import type { People } from './people-api.ts';

/** How people sign in and out here. */
export interface SessionOptions {
  /** Undefined where there is the token alone. */
  readonly people: People | undefined;
  readonly cookieName: string;
}

/** `/api/session`: who is signed in; signing in and out. */
export function createSessionRoutes({ cookieName, people }: SessionOptions) {
  const limits = createAttemptLimits(systemClock);
  const routes = new Hono<PortalEnv>();
  routes.get('/api/session', async (c) => {
    const visitor = await findVisitor(c);
    const who = visitor === undefined ? null : { name: visitor.name ?? null, role: visitor.role, kind: visitor.kind };
    return c.json({ who, ways: { password: people !== undefined } });
  });
  if (people === undefined) return routes;

  routes.post('/api/session', requireBody, async (c) => {
    const given = parseInput(signInRequest, await c.req.json().catch(() => undefined)) as SignInRequest;
    const name = userName.safeParse(given.name).data ?? '';
    const address = toAddress(c);
    const attempt = limits.begin(name, address);
    if (attempt.kind === 'locked') throw toLocked(c, attempt.afterMs);
    const user = name === '' ? undefined : await people.findUser(name);
    if (!(await verifyPassword(given.password, user?.passwordHash))) {
      // What is no account's name may be a password that was typed in the wrong place.
      const by = user?.name ?? '';
      await people.note({ event: 'sign-in-failed', by, address });
      if (attempt.isLast) await people.note({ event: 'locked-out', by, address });
      throw new SenditError('Expected the name and password of an account, got others.', {
        code: 'unauthorized',
        hint: 'An admin sets a new password with `sendit user passwd`.',
      });
    }
    const { role } = user as NonNullable<typeof user>;
    limits.succeed(name, address);
    await openSession(c, { cookieName, people, who: { name, role }, isAccount: true });
    await people.note({ event: 'signed-in', by: name, address });
    return c.json({ who: { name, role, kind: 'account' }, ways: { password: true } }, 201);
  });

  routes.delete('/api/session', async (c) => {
    const secret = getCookie(c, cookieName);
    if (secret !== undefined) {
      const digest = toDigest(secret);
      const who = await people.findSession(digest);
      await people.closeSession(digest);
      if (who !== undefined) await people.note({ event: 'signed-out', by: who.name, address: toAddress(c) });
    }
    deleteCookie(c, cookieName, { path: '/' });
    return c.body(null, 204);
  });
  return routes;
}

/** Begins a session, always a new one. */
async function openSession(
  c: Context<PortalEnv>,
  options: {
    readonly cookieName: string;
    readonly people: People;
    readonly who: { readonly name: string; readonly role: Role };
    readonly isAccount: boolean;
  },
): Promise<void> {
  const { cookieName, isAccount, people, who } = options;
  const secret = randomBytes(32).toString('base64url');
  await people.openSession({ ...who, digest: toDigest(secret), isAccount });
  const secure = c.env?.forwarded?.proto === 'https';
  // Ends with the browser; how long it lasts at most, the server knows.
  setCookie(c, cookieName, secret, { httpOnly: true, sameSite: 'Strict', path: '/', secure });
}

function toAddress(c: Context<PortalEnv>): string {
  return c.env?.forwarded?.client ?? c.env?.peer ?? 'unknown';
}

function toLocked(c: Context<PortalEnv>, afterMs: number): SenditError {
  c.header('Retry-After', String(Math.ceil(afterMs / 1000)));
  return new SenditError('Too many attempts to sign in failed.', {
    code: 'too-many-attempts',
    retry: 'safe',
    hint: `Try again in ${Math.ceil(afterMs / 60_000)} minutes.`,
  });
}
