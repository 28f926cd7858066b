import { toMessage } from '@sendit/model';

/** The system calls of the inotify backend; those that fail return the errno, negated, as the kernel itself does. */
export interface InotifyBinding {
  /** `inotify_init1(IN_NONBLOCK | IN_CLOEXEC)`. */
  init(): number;
  /** `path` ends with a NUL byte. */
  addWatch(fd: number, path: Uint8Array, mask: number): number;
  /** Both ends close-on-exec and non-blocking: read, write. */
  pipe(): readonly [read: number, write: number] | number;
  /** Makes `to` another name of `from`, close-on-exec. */
  duplicate(from: number, to: number): number;
  close(fd: number): number;
}

/** The binding, or why there is none. */
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
    pipe: () => {
      const ends = new Int32Array(2);
      const result = orErrno(pipe(ends, O_NONBLOCK | O_CLOEXEC));
      return result < 0 ? result : [ends[0] ?? -1, ends[1] ?? -1];
    },
    duplicate: (from, to) => orErrno(duplicate(from, to, O_CLOEXEC)),
    close: (fd) => orErrno(close(fd)),
  };
}
