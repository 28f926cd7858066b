import { Socket } from 'node:net';

/** Where the driver connects to, of its own options. */
interface Target {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false | undefined;
}

/**
 * Makes the sockets of one connection of the driver until that is given up, and then destroys the last. The driver forgets some when it is told
 * to end (postgres 3.4.9): one that it is just making, and the next, for which it waits after a server has closed one that was not ready. They
 * would belong to nobody, hold a place on the server and keep the process alive.
 *
 * Each call tries the next host; the driver buffers what it writes before the socket is connected.
 */
export function toSocketFactory(givenUp: AbortSignal): (target: Target) => Socket {
  let attempts = 0;
  return ({ host, port, path }) => {
    givenUp.throwIfAborted();
    const index = attempts % host.length;
    attempts += 1;
    const name = host[index] ?? 'localhost';
    const socket = new Socket();
    const destroy = (): void => void socket.destroy();
    givenUp.addEventListener('abort', destroy);
    socket.once('close', () => givenUp.removeEventListener('abort', destroy));
    if (path) return socket.connect(path);
    // Read by the driver, for the name that a certificate must have.
    return Object.assign(socket.connect(port[index] ?? 5432, name), { host: name });
  };
}
