import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, statSync } from 'node:fs';

/** A file or directory that this process holds open, and the path that led to it. */
export interface Place {
  readonly path: string;
  /**
   * Whether the path still leads to it; false once it was removed or replaced. @throws the system's error if that is
   * unknown
   */
  isInPlace(): boolean;
}

/** A directory that this process holds open until it is disposed. */
export interface HeldDirectory extends Place, Disposable {
  /** Lets go; may be repeated. */
  close(): void;
  /** Leads to this very directory, whatever takes its place; its path where the system has no `/proc/self/fd`. */
  readonly heldPath: string;
}

/** Holds a directory open, so that its inode is not used again. @throws the system's error. */
export function openDirectory(path: string): HeldDirectory {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0));
  const heldPath = `/proc/self/fd/${fd}`;
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    closeSync(fd);
  };
  return {
    path,
    heldPath: existsSync(heldPath) ? heldPath : path,
    isInPlace: () => open && leadsTo(path, fd),
    close,
    [Symbol.dispose]: close,
  };
}

/** Whether a path leads to an open file. @throws the system's error, but for a path that leads nowhere. */
export function leadsTo(path: string, fd: number): boolean {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return false;
  const held = fstatSync(fd, { bigint: true });
  return found.ino === held.ino && found.dev === held.dev;
}

/** Whether a process of this pid namespace has a file open: proof that it is the one that locks it. False where that cannot be seen. */
export function isOpenIn(pid: number, path: string): boolean {
  try {
    const wanted = statSync(path, { bigint: true });
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const open = statSync(`/proc/${pid}/fd/${fd}`, { bigint: true, throwIfNoEntry: false });
      return open?.ino === wanted.ino && open.dev === wanted.dev;
    });
  } catch {
    return false;
  }
}
