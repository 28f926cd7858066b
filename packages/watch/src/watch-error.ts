import { SenditError, toMessage, toErrno } from '@sendit/model';

/** Hints by errno name: what a person does next. */
const HINTS: Readonly<Record<string, string>> = {
  ENOENT: 'Create the directory, or correct the watch path.',
  ENOTDIR: 'Name a directory as the watch path.',
  EACCES: 'Give the user of this process read and search permission on the directory and its parents.',
  ENOSPC: 'The limit of watches is reached: raise it with `sysctl fs.inotify.max_user_watches=524288`.',
  EMFILE:
    'The limit of inotify instances is reached: raise it with `sysctl fs.inotify.max_user_instances=512`, or raise the limit of open files (ulimit -n).',
  ENFILE: 'The system has no file handles left: raise fs.file-max, or stop what holds them.',
  ENOMEM: 'The kernel has no memory left for the watch: free some and start again.',
};

const MEANINGS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is not a directory',
  EACCES: 'it may not be read',
  ENOSPC: 'no inotify watch is left for this user',
  EMFILE: 'no inotify instance or file descriptor is left',
};

/** Tells a person what to do about an errno name such as `ENOSPC`. */
export function hintFor(code: string): string {
  return HINTS[code] ?? 'Look the code up in inotify(7), or choose the backend `polling` for this path.';
}

/** The error of a path that cannot be watched, from an errno name such as `ENOSPC`. */
export function toWatchError(path: string, code: string, cause?: unknown): SenditError {
  return new SenditError(`Cannot watch ${path}: ${MEANINGS[code] ?? 'the system refused'} (${code})`, {
    code: 'watch-failed',
    retry: 'unsafe',
    hint: hintFor(code),
    cause: cause ?? Object.assign(new Error(code), { code }),
  });
}

/** The errno name for which a path cannot be watched, where the system gave one. */
export function refusalOf(thrown: unknown): string | undefined {
  return thrown instanceof SenditError ? toErrno(thrown.cause) : undefined;
}

/** Shortages that pass, or end when a limit is raised: listing still works, or will. */
const SHORTAGES: ReadonlySet<string> = new Set(['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM']);

/** Whether a refused watch is no reason not to list. */
export function isShortage(code: string): boolean {
  return SHORTAGES.has(code);
}

/** The error of a path that cannot be watched, from what a file-system call threw. */
export function fromThrown(path: string, thrown: unknown): SenditError {
  const code = toErrno(thrown);
  if (code !== undefined) return toWatchError(path, code, thrown);
  return new SenditError(`Cannot watch ${path}: ${toMessage(thrown)}`, {
    code: 'watch-failed',
    retry: 'unsafe',
    hint: 'Choose another backend for this path, or correct what the message names.',
    cause: thrown,
  });
}
