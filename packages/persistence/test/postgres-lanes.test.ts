import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { expect, test } from 'vitest';
import { type Lane, openLanes } from '../src/engine/postgres-lanes.ts';
import { toSocketFactory } from '../src/engine/postgres-socket.ts';

/** Takes connections and closes the first one before it is ready, as a server does that shuts down. */
async function openServer() {
  const came: Socket[] = [];
  const server = createServer((socket) => {
    came.push(socket);
    socket.on('error', () => undefined).resume();
    if (came.length === 1) socket.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    came,
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of came) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

test('a connection that is given up just before the driver opens it again is open nowhere', async () => {
  await using server = await openServer();
  const taken: Lane[] = [];
  let attempts = 0;
  await using lanes = openLanes(({ onclose, givenUp }) => {
    const open = toSocketFactory(givenUp);
    const options = {
      max: 1,
      fetch_types: false,
      onclose,
      socket: (target: Parameters<typeof open>[0]) => {
        attempts += 1;
        if (attempts === 2) taken[0]?.lose();
        return open(target);
      },
    };
    return postgres(`postgres://me@127.0.0.1:${server.port}/db`, options);
  }, 1);
  const lane = await lanes.acquire();
  taken.push(lane);
  await expect(lane.db.execute(sql`select 1`)).rejects.toThrow('Failed query');
  expect(attempts).toBe(2);

  // Connections come in their order: what the driver opened came before this one.
  const last = connect(server.port, '127.0.0.1', () => last.end());
  await once(last, 'close');
  for (const socket of server.came) if (!socket.closed) await once(socket, 'close');
});

test('a socket that the driver has forgotten ends when its connection is given up', async () => {
  await using server = await openServer();
  const givenUp = new AbortController();
  const socket = toSocketFactory(givenUp.signal)({ host: ['127.0.0.1'], port: [server.port] });
  await once(socket, 'connect');
  givenUp.abort();
  await once(socket, 'close');
  expect(socket.destroyed).toBe(true);
});
