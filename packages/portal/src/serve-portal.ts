import { isIPv6 } from 'node:net';
import { type Logger, SenditError, toErrno, toHandle } from '@sendit/model';
import type { ConnectionLimits } from './connection-gate.ts';
import type { PortalApp } from './create-portal.ts';
import { isWildcard, toHostRule } from './guard.ts';
import { createPortalServer, listen, type Served } from './served.ts';

/** Where to serve the page. */
export interface ServePortalOptions {
  /** A loopback address unless somebody asked for another one. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Whether a person chose the port: then a taken one is an error, else the portal moves to a free one. */
  readonly portExplicit: boolean;
  readonly logger: Logger;
  /** By default those that the descriptors of this process leave room for. */
  readonly limits?: ConnectionLimits;
  /** Other host names that it answers to, behind a proxy. */
  readonly hosts?: readonly string[];
  /** See `PortalServerOptions`. */
  readonly basePath?: string;
  readonly trustedProxies?: readonly string[];
}

/**
 * Serves the page and the API over TCP.
 * @throws SenditError `port-in-use`, `start-failed`
 */
export async function servePortal(app: PortalApp, options: ServePortalOptions): Promise<Served> {
  const { basePath, host, hosts = [], limits, port, portExplicit, logger, trustedProxies } = options;
  const isBound = toHostRule(host);
  const named = new Set(hosts.map((name) => name.toLowerCase()));
  const isOwnHost = (name: string): boolean => named.has(name) || isBound(name);
  const portal = createPortalServer(app, { isOwnHost, logger, limits, basePath, trustedProxies });
  const { server } = portal;
  try {
    await listen(server, { host, port });
  } catch (cause) {
    if (toErrno(cause) !== 'EADDRINUSE' || portExplicit) throw toListenError(cause, options);
    await listen(server, { host, port: 0 }).catch((again: unknown) => {
      throw toListenError(again, options);
    });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('Expected a TCP address of the portal.');
  if (port !== 0 && address.port !== port) {
    logger.warning('portal: the default port is taken, another one is used', { wanted: port, port: address.port });
  }
  return {
    url: `http://${toUrlHost(host)}:${address.port}`,
    ...toHandle(async () => portal[Symbol.asyncDispose]()),
  };
}

function toListenError(cause: unknown, { host, port }: ServePortalOptions): SenditError {
  const errno = toErrno(cause);
  if (errno === 'EADDRINUSE') {
    return new SenditError(`Expected port ${port} on ${host} to be free, another program listens there.`, {
      code: 'port-in-use',
      hint: 'Choose another portal port, or leave it out to take any free one.',
      cause,
    });
  }
  return new SenditError(`The portal cannot listen on ${host}, port ${port} (${errno ?? 'unknown error'}).`, {
    code: 'start-failed',
    hint:
      errno === 'EACCES'
        ? 'Ports below 1024 need privileges: choose a higher one.'
        : 'Choose an address of this machine as portal host, such as 127.0.0.1.',
    cause,
  });
}

/** A host that opens in a browser on this machine. */
function toUrlHost(host: string): string {
  if (isWildcard(host)) return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
}
