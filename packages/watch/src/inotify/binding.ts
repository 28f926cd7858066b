import { constants } from 'node:fs';
import { toMessage } from '@sendit/model';
import type { LibraryHandle } from 'koffi';

/** The system calls of the inotify backend; those that fail return the errno, negated, as the kernel itself does. */
export interface InotifyBinding {
  /** `inotify_init1(IN_NONBLOCK | IN_CLOEXEC)`. */
  init(): number;
  /** `path` ends with a NUL byte. */
  addWatch(fd: number, path: Uint8Array, mask: number): number;
  /** The kernel answers with an IN_IGNORED of that watch, in its place among the events. */
  removeWatch(fd: number, wd: number): number;
  /** Opens a directory to be listed; symlinks are not followed. `path` ends with a NUL byte. */
  openDirectory(path: Uint8Array): number;
  /** The next `struct linux_dirent64`s of an open directory: their bytes' number, 0 at the end. */
  readDirectory(fd: number, into: Uint8Array): number;
  /** Both ends close-on-exec and non-blocking: read, write. */
  pipe(): readonly [read: number, write: number] | number;
  /** Makes `to` another name of `from`, close-on-exec. */
  duplicate(from: number, to: number): number;
  close(fd: number): number;
}

/** The binding, or why it cannot be loaded. */
export type LoadedBinding =
  | { readonly kind: 'loaded'; readonly binding: InotifyBinding }
  | { readonly kind: 'unavailable'; readonly reason: string };

// The same numbers on every Linux that koffi is built for.
const O_NONBLOCK = 0x800;
const O_CLOEXEC = 0x8_0000;

let loaded: Promise<LoadedBinding> | undefined;

/** Loads the C library's inotify calls through koffi, once per process. */
export function loadInotifyBinding(): Promise<LoadedBinding> {
  loaded ??= bind();
  return loaded;
}

async function bind(): Promise<LoadedBinding> {
  if (process.platform !== 'linux') return { kind: 'unavailable', reason: `no inotify on ${process.platform}` };
  try {
    return { kind: 'loaded', binding: await bindCalls() };
  } catch (thrown) {
    const firstLine = toMessage(thrown).split('\n', 1)[0] ?? '';
    return { kind: 'unavailable', reason: `koffi could not be loaded: ${firstLine}` };
  }
}

async function bindCalls(): Promise<InotifyBinding> {
  const { default: koffi } = await import('koffi');
  const library = koffi.load(null);
  const init: (flags: number) => number = library.func('int inotify_init1(int flags)');
  const addWatch: (fd: number, path: Uint8Array, mask: number) => number = library.func(
    'int inotify_add_watch(int fd, const uint8_t *path, uint32_t mask)',
  );
  const removeWatch: (fd: number, wd: number) => number = library.func('int inotify_rm_watch(int fd, int wd)');
  const open: (path: Uint8Array, flags: number) => number = library.func('int open(const uint8_t *path, int flags)');
  const read = bindReadDirectory(library);
  const directoryFlags = O_CLOEXEC | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const pipe: (ends: Int32Array, flags: number) => number = library.func('int pipe2(int *ends, int flags)');
  const duplicate: (from: number, to: number, flags: number) => number = library.func(
    'int dup3(int from, int to, int flags)',
  );
  const close: (fd: number) => number = library.func('int close(int fd)');
  // errno belongs to the last call of this thread: read it before anything else runs.
  const orErrno = (result: number): number => (result === -1 ? -koffi.errno() : result);
  return {
    init: () => orErrno(init(O_NONBLOCK | O_CLOEXEC)),
    addWatch: (fd, path, mask) => orErrno(addWatch(fd, path, mask)),
    removeWatch: (fd, wd) => orErrno(removeWatch(fd, wd)),
    openDirectory: (path) => orErrno(open(path, directoryFlags)),
    readDirectory: (fd, into) => orErrno(read(fd, into, into.length)),
    pipe: () => {
      const ends = new Int32Array(2);
      const result = orErrno(pipe(ends, O_NONBLOCK | O_CLOEXEC));
      return result < 0 ? result : [ends[0] ?? -1, ends[1] ?? -1];
    },
    duplicate: (from, to) => orErrno(duplicate(from, to, O_CLOEXEC)),
    close: (fd) => orErrno(close(fd)),
  };
}

type ReadDirectory = (fd: number, into: Uint8Array, size: number) => number;

/** glibc has the call under its own name since 2.30; musl calls the same one `getdents`. */
function bindReadDirectory(library: LibraryHandle): ReadDirectory {
  const signature = (name: string): string => `intptr_t ${name}(int fd, uint8_t *into, size_t size)`;
  try {
    return library.func(signature('getdents64'));
  } catch {
    return library.func(signature('getdents'));
  }
}
