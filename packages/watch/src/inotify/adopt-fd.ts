import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net';
import type { InotifyBinding } from './binding.ts';

/** An inotify instance that Node's event loop reads. */
export interface AdoptedFd {
  /** The instance's descriptor; valid until the socket is destroyed, which closes it. */
  readonly fd: number;
  readonly socket: Socket;
}

/** Large enough for a full kernel queue of short names in one read. */
const READ_BYTES = 1024 * 1024;

/**
 * Lets the event loop read an inotify instance: no thread, no blocking read, and the process can exit at any time.
 *
 * Node refuses an inotify descriptor (ERR_INVALID_FD_TYPE), so the socket is made on a pipe, and in the same tick, before libuv
 * registers it with epoll, the instance takes the place of the pipe's read end. This rests on libuv not looking at the descriptor's
 * type again; a test pins it.
 *
 * Takes ownership of `fd`. `onBytes` gets a view that is only valid during the call; returning false pauses the socket.
 * Returns a negated errno when the system refuses.
 */
export function adoptFd(
  binding: InotifyBinding,
  fd: number,
  onBytes: (bytes: Uint8Array) => boolean,
): AdoptedFd | number {
  const ends = binding.pipe();
  if (typeof ends === 'number') {
    binding.close(fd);
    return ends;
  }
  const [readEnd, writeEnd] = ends;
  const options: SocketConstructorOpts & ConnectOpts = {
    fd: readEnd,
    readable: true,
    writable: false,
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      callback: (length, buffer) => onBytes(buffer.subarray(0, length)),
    },
  };
  const socket = new Socket(options);
  const replaced = binding.duplicate(fd, readEnd);
  binding.close(fd);
  binding.close(writeEnd);
  if (replaced < 0) {
    socket.destroy();
    return replaced;
  }
  return { fd: readEnd, socket };
}
