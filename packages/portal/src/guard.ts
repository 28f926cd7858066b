import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Role, SenditError } from '@sendit/model';
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** Facts about each request from the server that runs the app. */
export interface PortalBindings {
  /** Whether a host name other than the loopback ones is this portal's own. */
  readonly isOwnHost?: (host: string) => boolean;
  /** Aborts when the server closes, so that open streams end. */
  readonly closing?: AbortSignal;
  /** Takes a place for a live feed; the returned function gives it back. Undefined when there are too many. */
  readonly openFeed?: () => (() => void) | undefined;
  /** A trusted proxy's facts of the request. */
  readonly forwarded?: Forwarded | undefined;
  /** Address of whoever is connected: a client or a proxy. */
  readonly peer?: string | undefined;
}

/** Who asks. */
export interface Visitor {
  /** For the audit; undefined over the unix socket, where the caller says who it is. */
  readonly name: string | undefined;
  readonly role: Role;
  /** `local`: over the unix socket; `link`: by the token of the installation. */
  readonly kind: 'local' | 'link' | 'account' | 'token';
  /** Whether the browser says so by itself, whoever made it ask. */
  readonly isByCookie: boolean;
}

/** The request as it came to a proxy. */
export interface Forwarded {
  readonly host?: string | undefined;
  readonly proto?: string | undefined;
  readonly client?: string | undefined;
}

/** Hono environment of the portal. */
export interface PortalEnv {
  Bindings: PortalBindings;
  Variables: { findVisitor?: () => Promise<Visitor | undefined> };
}

/** Headers that keep the page to its own scripts, its own styles and its own origin; data is never stored by a cache. */
export function securityHeaders(): MiddlewareHandler<PortalEnv> {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
    referrerPolicy: 'no-referrer',
    xContentTypeOptions: 'nosniff',
    xFrameOptions: 'DENY',
    strictTransportSecurity: false,
  });
}

/**
 * Refuses requests that a foreign web page could cause: a Host header that is not ours (DNS rebinding), and API calls from
 * another origin.
 */
export function guardOrigin(): MiddlewareHandler<PortalEnv> {
  return async (c, next) => {
    const host = parseHost(c.env?.forwarded?.host ?? c.req.header('host') ?? '');
    const isOwnHost = c.env?.isOwnHost ?? (() => false);
    if (host === undefined || !(isLoopback(host) || isOwnHost(host))) {
      throw new SenditError('Expected a host name of this portal, got one that is not in `portal.hosts`.', {
        code: 'refused',
        hint: 'Open the address that `sendit watcher status` prints, or add the name to `portal.hosts` in the configuration.',
      });
    }
    const site = c.req.header('sec-fetch-site');
    if (c.req.path.startsWith('/api/') && (site === 'cross-site' || site === 'same-site')) {
      throw new SenditError('Expected a request from the portal itself, got one from another origin.', {
        code: 'refused',
      });
    }
    await next();
  };
}

/**
 * Which Host headers belong to a server bound to `bound`, beside the loopback names. A rebinding attack needs a DNS name, so a
 * server on all addresses accepts any address literal and the name of this machine.
 */
export function toHostRule(bound: string): (host: string) => boolean {
  const own = bound.toLowerCase();
  if (isLoopback(own)) return () => false;
  const machine = hostname().toLowerCase();
  const onAll = isWildcard(own);
  return (host) => host === own || host === machine || (onAll && isIP(host) !== 0);
}

/** Whether a bind address means every address of the machine. */
export function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::';
}

/** The host of a Host header, lower-case, without port and brackets; undefined when it is malformed. */
function parseHost(header: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::[0-9]{1,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

/** Whether an address is this machine's own alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
