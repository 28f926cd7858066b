import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network between a program and a service, which can be cut. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Stops all traffic silently: data waits, as when a cable is unplugged. */
  cut(): void;
  /** Forwards the waiting data, in order. */
  heal(): void;
  /** Resets every connection, as a restarted firewall does; new ones go through. */
  reset(): void;
}

interface Pair {
  readonly client: Socket;
  readonly service: Socket;
}

/** Listens on a free loopback port and hands every connection on to another port of this machine. */
export async function openTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let isCut = false;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    const service = connect(target, '127.0.0.1');
    const pair = { client, service };
    pairs.add(pair);
    const close = (): void => {
      pairs.delete(pair);
      client.destroy();
      service.destroy();
    };
    for (const socket of [client, service]) socket.on('error', close).on('close', close);
    client.on('data', (data) => service.write(data));
    service.on('data', (data) => client.write(data));
    if (isCut) hold(pair);
    else client.resume();
  });
  const port = await listen(server);
  return {
    port,
    cut() {
      isCut = true;
      for (const pair of pairs) hold(pair);
    },
    heal() {
      isCut = false;
      for (const { client, service } of pairs) {
        client.resume();
        service.resume();
      }
    },
    reset() {
      for (const { client, service } of pairs) {
        client.resetAndDestroy();
        service.destroy();
      }
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const { client, service } of pairs) {
          client.destroy();
          service.destroy();
        }
      }),
  };
}

function hold({ client, service }: Pair): void {
  client.pause();
  service.pause();
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('no port was given'));
    });
  });
}
