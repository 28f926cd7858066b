import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toLocked } from './directory-lock.ts';

/**
 * The lock of releases before the lock file: held beside it, so that one of those, running, is not opened twice. An abstract unix
 * socket named by the directory's device and inode (elsewhere than on Linux, a socket in the temp directory); another network
 * namespace or host does not see it.
 * @throws SenditError `database-locked`, naming the process that has it.
 */
export async function openSocketLock(directory: string): Promise<AsyncDisposable> {
  const { dev, ino } = await stat(directory, { bigint: true });
  const name = `sendit-database-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32)}`;
  const address = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(`${process.pid}\n`);
  });
  if (!(await listens(server, address))) {
    const owner = await askOwner(address);
    if (owner !== 'gone') throw toLocked(directory, owner === undefined ? undefined : `process ${owner}`);
    // Only a socket file outlives its process.
    await rm(address, { force: true });
    if (!(await listens(server, address))) throw toLocked(directory);
  }
  server.unref();
  return {
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function listens(server: Server, address: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen({ path: address, exclusive: true }, () => resolve(true));
  });
}

/** The pid that holds the lock; undefined when it is too busy to answer within a second, `gone` when only its file is left. */
function askOwner(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ path: address });
    socket.setTimeout(1_000, () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      socket.destroy();
      if (error.code === 'ECONNREFUSED') resolve('gone');
    });
    socket.on('close', () => resolve(/^\d+\n$/.test(answer) ? answer.trim() : undefined));
  });
}
