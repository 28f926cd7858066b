import { request } from 'node:http';

/** Where {@link createSocketFetch} connects to, and how long one answer may take. */
export interface SocketFetchOptions {
  readonly socketPath: string;
  readonly timeoutMs: number;
}

/** The part of `fetch` that the API needs, over a unix socket: whole bodies, one connection per request. */
export function createSocketFetch({ socketPath, timeoutMs }: SocketFetchOptions): typeof fetch {
  return async (input, init) => {
    const asked = new Request(input, init);
    const { pathname, search, host } = new URL(asked.url);
    const body = asked.body === null ? undefined : Buffer.from(await asked.arrayBuffer());
    const signal = AbortSignal.timeout(timeoutMs);
    return await new Promise<Response>((resolve, reject) => {
      // Node wraps the reason differently before and after the answer begins; the caller wants to know that time ran out.
      const fail = (error: Error): void => reject(signal.aborted ? signal.reason : error);
      const outgoing = request(
        {
          socketPath,
          path: `${pathname}${search}`,
          method: asked.method,
          headers: { ...Object.fromEntries(asked.headers), host, ...(body && { 'content-length': body.length }) },
          agent: false,
          signal,
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.once('error', fail);
          incoming.once('end', () => {
            const type = incoming.headers['content-type'] ?? 'application/octet-stream';
            const status = incoming.statusCode ?? 500;
            resolve(new Response(Buffer.concat(chunks), { status, headers: { 'content-type': type } }));
          });
        },
      );
      outgoing.once('error', fail);
      outgoing.end(body);
    });
  };
}
