/** Makes the next look at a path see what the server has, not what was cached; whatever that look would fail with, it is left to it. */
export type Revalidate = (path: string | Uint8Array) => Promise<void>;

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_STATX_FORCE_SYNC = 0x2000;
const STATX_BASIC_STATS = 0x7ff;
const STATX_BYTES = 256;

/** More would only wait for libuv's four threads. */
const AT_ONCE = 16;

type Statx = (path: Uint8Array, done: () => void) => void;

let loaded: Promise<Revalidate | undefined> | undefined;

/**
 * statx(2) with AT_STATX_FORCE_SYNC, through koffi: NFS, CIFS and FUSE then ask the server, and forget what they cached of a directory or file that
 * has changed. What a program behind a FUSE mount caches by itself stays. Undefined where it cannot be called; looked for once per process.
 */
export function openRevalidation(): Promise<Revalidate | undefined> {
  loaded ??= bindStatx().then(
    (statx) => toRevalidate(statx),
    () => undefined,
  );
  return loaded;
}

async function bindStatx(): Promise<Statx> {
  if (process.platform !== 'linux') throw new Error(`no statx on ${process.platform}`);
  const { default: koffi } = await import('koffi');
  const call = koffi
    .load(null)
    .func('int statx(int dirfd, const uint8_t *path, int flags, uint32_t mask, _Out_ uint8_t *into)');
  return (path, done) => {
    const into = Buffer.allocUnsafe(STATX_BYTES);
    // In a thread: a server that is away must not stop the process.
    call.async(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, into, done);
  };
}

/** So many calls at once, in the order of asking. */
export function toRevalidate(statx: Statx, atOnce = AT_ONCE): Revalidate {
  const waiting: (() => void)[] = [];
  let running = 0;
  const next = (): void => {
    const begin = running < atOnce ? waiting.shift() : undefined;
    if (begin === undefined) return;
    running += 1;
    begin();
  };
  return (path) =>
    new Promise((resolve) => {
      waiting.push(() =>
        statx(Buffer.concat([typeof path === 'string' ? Buffer.from(path) : path, Buffer.of(0)]), () => {
          running -= 1;
          resolve();
          next();
        }),
      );
      next();
    });
}
