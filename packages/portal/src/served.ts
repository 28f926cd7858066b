import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { ListenOptions, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { readOpenFilesLimit } from '@sendit/files';
import type { Handle, Logger } from '@sendit/model';
import type { PortalApp } from './create-portal.ts';
import type { Forwarded } from './guard.ts';
import { ConnectionGate, type ConnectionLimits, toConnectionLimits } from './connection-gate.ts';
import { describeForLog } from './http-error.ts';

/** Where the system does not say how many descriptors there may be. */
const USUAL_OPEN_FILES = 1024;

/** Something that is being served; closing it ends every connection and resolves when the address is free again. */
export interface Served extends Handle {
  /** `http://host:port`, or `unix:` and the path of the socket. */
  readonly url: string;
}

/** A server for one portal, not yet listening. */
export interface PortalServer extends AsyncDisposable {
  readonly server: Server;
}

/** How long a request that is being answered may go on after the server was told to close. */
const GRACE_MS = 300;

export interface PortalServerOptions {
  readonly isOwnHost: (host: string) => boolean;
  readonly logger: Logger;
  /** By default those that the descriptors of this process leave room for. */
  readonly limits?: ConnectionLimits | undefined;
  /** Path below which a proxy has the portal, with a slash before it and none after: requests may have it or not. */
  readonly basePath?: string | undefined;
  /** Addresses of proxies whose X-Forwarded headers are believed. */
  readonly trustedProxies?: readonly string[] | undefined;
}

/** Clients refused in plain HTTP for lack of room, without asking the app. */
const NO_ROOM = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Joins the app to a node server whose disposal ends live streams and idle connections at once, busy ones after a short grace. */
export function createPortalServer(app: PortalApp, options: PortalServerOptions): PortalServer {
  const closing = new AbortController();
  const { basePath = '', isOwnHost, logger, trustedProxies = [] } = options;
  const { limits = toConnectionLimits(readOpenFilesLimit() ?? USUAL_OPEN_FILES) } = options;
  const gate = new ConnectionGate({ limits, logger });
  const bindings = { isOwnHost, closing: closing.signal };
  const listener = getRequestListener(
    (request, { incoming }) => {
      const peer = toClient(incoming.socket);
      const forwarded = trustedProxies.includes(peer) ? readForwarded(incoming.headers) : undefined;
      return app.fetch(request, {
        ...bindings,
        peer,
        forwarded,
        openFeed: () => gate.openFeed(forwarded?.client ?? peer),
      });
    },
    {
      overrideGlobalObjects: false,
      errorHandler: (thrown) => {
        logger.verbose('request refused', describeForLog(thrown));
        return new Response(null, { status: 400 });
      },
    },
  );
  const server = createServer((incoming, outgoing) => {
    if (incoming.url === basePath && basePath !== '') {
      outgoing.writeHead(308, { Location: `${basePath}/` }).end();
      return;
    }
    if (basePath !== '' && incoming.url?.startsWith(`${basePath}/`)) incoming.url = incoming.url.slice(basePath.length);
    outgoing.once('close', () => {
      if (closing.signal.aborted) setImmediate(() => server.closeIdleConnections());
    });
    listener(incoming, outgoing).catch((thrown: unknown) => {
      logger.error('request failed', describeForLog(thrown));
      outgoing.destroy();
    });
  });
  server.on('connection', (socket: Socket) => {
    const leave = gate.connect(toClient(socket));
    if (leave === undefined) socket.end(NO_ROOM, () => socket.destroy());
    else socket.once('close', leave);
  });
  return {
    server,
    async [Symbol.asyncDispose]() {
      closing.abort();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed;
      clearTimeout(grace);
    },
  };
}

/**
 * Facts of a request from a proxy, as nginx and others write them: the last of several clients is the one that it saw
 * itself.
 */
function readForwarded(headers: IncomingHttpHeaders): Forwarded {
  const read = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' ? value.split(',').at(-1)?.trim() : undefined;
  };
  return { host: read('x-forwarded-host'), proto: read('x-forwarded-proto'), client: read('x-forwarded-for') };
}

/** Its address; over a unix socket all are one. An IPv4 address is told as such on a socket for both. */
function toClient(socket: { readonly remoteAddress?: string | undefined }): string {
  return socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'local';
}

/** Resolves once the server listens; rejects with the error of the operating system. */
export async function listen(server: Server, where: ListenOptions): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(where);
  await listening;
}
