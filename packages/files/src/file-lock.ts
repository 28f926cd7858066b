import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { type FlockCall, loadFlock } from './flock.ts';
import { leadsTo, type Place } from './place.ts';

/** Who wrote itself into a lock file: the pid as its own pid namespace numbers it, and its host name. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

/** A lock that this process holds until it is disposed or the process ends, however it ends. */
export interface FileLock extends Place, Disposable {
  /** Frees the lock; may be repeated. */
  close(): void;
}

/** Result of {@link openFileLock}. */
export type LockAttempt =
  | { readonly kind: 'held'; readonly lock: FileLock }
  | {
      readonly kind: 'taken';
      /** Undefined when the file does not say. */
      readonly holder: LockHolder | undefined;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** How to lock; for tests. */
export interface LockOptions {
  /** {@link loadFlock}'s by default. */
  readonly flock?: FlockCall;
}

/** Whoever replaces the file more often than this between two calls means harm. */
const ATTEMPTS = 10;

/**
 * Locks a file, made when there is none (mode 0600), with flock(2): every pid and network namespace of the host sees the lock, and
 * the kernel frees it when the process ends. Children do not inherit it. The file stays for ever: removing it would let two
 * processes hold two locks under one name.
 * @throws the system's error when the file cannot be made or opened.
 */
export async function openFileLock(path: string, options: LockOptions = {}): Promise<LockAttempt> {
  const flock = options.flock ?? (await loadFlock());
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    // A number, not a FileHandle: that one is closed when it is collected, and the lock with it. To be written: NFS asks for it.
    const fd = openLockFile(path);
    try {
      const outcome = await flock(fd);
      if (outcome.kind === 'taken') {
        const holder = readHolder(path);
        closeSync(fd);
        return { kind: 'taken', holder };
      }
      if (outcome.kind === 'unavailable') {
        closeSync(fd);
        return outcome;
      }
      if (leadsTo(path, fd)) {
        writeHolder(fd);
        return { kind: 'held', lock: toLock(path, fd) };
      }
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    closeSync(fd);
  }
  return { kind: 'unavailable', reason: `${path} is replaced again and again` };
}

function openLockFile(path: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
  const fd = openSync(path, flags, 0o600);
  // A command that root runs once must not keep the service's own user out.
  if (process.geteuid?.() === 0) {
    try {
      const { uid, gid } = statSync(dirname(path));
      if (fstatSync(fd).uid !== uid) fchownSync(fd, uid, gid);
    } catch {
      // Not on this file system; the lock holds all the same.
    }
  }
  return fd;
}

function toLock(path: string, fd: number): FileLock {
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    closeSync(fd);
  };
  return {
    path,
    isInPlace: () => open && leadsTo(path, fd),
    close,
    [Symbol.dispose]: close,
  };
}

/** Only for messages: on a full disk the lock holds without it. */
function writeHolder(fd: number): void {
  try {
    ftruncateSync(fd, 0);
    writeSync(fd, `${process.pid} ${hostname()}\n`, 0);
  } catch {
    // Then nobody can say who has it.
  }
}

function readHolder(path: string): LockHolder | undefined {
  try {
    const [, pid, host] = /^([1-9]\d{0,9}) (\S{1,255})\n$/.exec(readFileSync(path, 'utf8')) ?? [];
    return pid === undefined || host === undefined ? undefined : { pid: Number(pid), host };
  } catch {
    return undefined;
  }
}
