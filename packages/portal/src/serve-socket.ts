import { chmodSync } from 'node:fs';
import { lstat, mkdir, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { type HeldDirectory, openDirectory } from '@sendit/files';
import { type Logger, SenditError, toErrno, toHandle } from '@sendit/model';
import type { PortalApp } from './create-portal.ts';
import { createPortalServer, listen, type Served } from './served.ts';

/** Where the socket is. */
export interface ServeSocketOptions {
  /** Absolute; at most 107 bytes, the kernel's limit. */
  readonly socketPath: string;
  readonly logger: Logger;
}

/** Longest path in `sockaddr_un`, without its NUL (unix(7)). */
const MAX_SOCKET_BYTES = 107;

/**
 * Serves the API on a unix socket that only its owner can open. What a dead process left behind is replaced; two processes that
 * start at the same moment must be kept apart by a lock of the caller.
 * @throws SenditError `already-running` when another process listens, `start-failed`
 */
export async function serveSocket(app: PortalApp, options: ServeSocketOptions): Promise<Served> {
  const { socketPath, logger } = options;
  const bytes = Buffer.byteLength(socketPath);
  if (bytes > MAX_SOCKET_BYTES) {
    throw new SenditError(`Expected a socket path of at most ${MAX_SOCKET_BYTES} bytes, got ${bytes}.`, {
      code: 'start-failed',
      hint: 'Choose a shorter socket path.',
    });
  }
  const portal = createPortalServer(app, { isOwnHost: () => false, logger });
  let held: HeldDirectory | undefined;
  try {
    await mkdir(dirname(socketPath), { recursive: true, mode: 0o700 });
    held = openDirectory(dirname(socketPath));
    // Closing removes the name: should another directory be there by then, the socket in it is another process's.
    const path = join(held.heldPath, basename(socketPath));
    await listenPrivately(portal.server, path).catch(async (cause: unknown) => {
      if (toErrno(cause) !== 'EADDRINUSE') throw cause;
      await removeStale(socketPath);
      logger.info('socket: removed what a dead process left behind');
      await listenPrivately(portal.server, path);
    });
  } catch (cause) {
    held?.[Symbol.dispose]();
    if (cause instanceof SenditError) throw cause;
    throw new SenditError(`The socket cannot be opened (${toErrno(cause) ?? 'unknown error'}).`, {
      code: 'start-failed',
      hint: 'Choose a socket path in a directory that this user may write to.',
      cause,
    });
  }
  return {
    url: `unix:${socketPath}`,
    ...toHandle(async () => {
      await portal[Symbol.asyncDispose]();
      held[Symbol.dispose]();
    }),
  };
}

/**
 * The file is the owner's alone from the moment it exists: node binds within `listen()`, under this umask. The umask keeps the
 * owner's x bit, because a directory that another thread makes just then must stay usable.
 */
async function listenPrivately(server: Server, path: string): Promise<void> {
  const before = process.umask(0o077);
  let listening: Promise<void>;
  try {
    listening = listen(server, { path });
  } finally {
    process.umask(before);
  }
  await listening;
  chmodSync(path, 0o600);
}

async function removeStale(socketPath: string): Promise<void> {
  const stats = await lstat(socketPath);
  if (!stats.isSocket()) {
    throw new SenditError('Expected the socket path to be free, a file that is not a socket is there.', {
      code: 'start-failed',
      hint: 'Move that file away or choose another socket path.',
    });
  }
  if (await isListening(socketPath)) {
    throw new SenditError(`Expected no other process on the socket ${socketPath}, one listens there.`, {
      code: 'already-running',
      hint: 'If it is a watcher, stop it with `sendit watcher stop`; else set another socketPath.',
    });
  }
  await unlink(socketPath);
}

/** Only a refused connection proves that nobody listens. */
function isListening(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => {
      const errno = toErrno(error);
      if (errno === 'ECONNREFUSED') resolve(false);
      else if (errno === 'EAGAIN') resolve(true);
      else reject(error);
    });
  });
}
