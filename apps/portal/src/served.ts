import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from '@sendit/model';
import type { PortalApp } from './create-portal.ts';
import { describeForLog } from './http-error.ts';

/** Something that is being served; disposing it ends every connection and resolves when the address is free again. */
export interface Served extends AsyncDisposable {
  /** `http://host:port`, or `unix:` and the path of the socket. */
  readonly url: string;
}

/** A server for one portal, not yet listening. */
export interface PortalServer extends AsyncDisposable {
  readonly server: Server;
}

/** How long a request that is being answered may go on after the server was told to close. */
const GRACE_MS = 300;

/** What a server needs beside the app. */
export interface PortalServerOptions {
  readonly isOwnHost: (host: string) => boolean;
  readonly logger: Logger;
}

/** Joins the app to a node server whose disposal ends live streams and idle connections at once, busy ones after a short grace. */
export function createPortalServer(app: PortalApp, options: PortalServerOptions): PortalServer {
  const closing = new AbortController();
  const bindings = { isOwnHost: options.isOwnHost, closing: closing.signal };
  const listener = getRequestListener((request) => app.fetch(request, bindings), {
    overrideGlobalObjects: false,
    errorHandler: (thrown) => {
      options.logger.verbose('request refused', describeForLog(thrown));
      return new Response(null, { status: 400 });
    },
  });
  const server = createServer((incoming, outgoing) => {
    outgoing.once('close', () => {
      if (closing.signal.aborted) setImmediate(() => server.closeIdleConnections());
    });
    listener(incoming, outgoing).catch((thrown: unknown) => {
      options.logger.error('request failed', describeForLog(thrown));
      outgoing.destroy();
    });
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

/** Resolves once the server listens; rejects with the error of the operating system. */
export async function listen(server: Server, where: ListenOptions): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(where);
  await listening;
}
