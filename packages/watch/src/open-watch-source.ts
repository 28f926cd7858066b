import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EVENT_NAMES, IN, IN_ALL_EVENTS, type Logger, SenditError, silentLogger } from '@sendit/model';
import { ASKED_FOR, chooseBackend, chooseForTree } from './choose-backend.ts';
import { type InotifyBinding, loadInotifyBinding } from './inotify/binding.ts';
import { openInotifySource } from './inotify/inotify-source.ts';
import { openRevalidation } from './mounts/revalidation.ts';
import { openPollingSource, type PollingOptions } from './polling/polling-source.ts';
import { openThreadSource } from './thread/thread-source.ts';
import type { TreeOptions } from './tree/tree-parts.ts';
import { openTreeSource } from './tree/tree-source.ts';
import { hintFor, isShortage, refusalOf } from './watch-error.ts';
import { type BackendName, CAPABILITIES } from './backend.ts';
import type { WatchSource } from './watch-source.ts';

export interface OpenWatchOptions {
  /** An existing directory; a symlink to one is followed. */
  readonly path: string;
  /** inotify event bits, any of IN_ALL_EVENTS. */
  readonly mask: number;
  /** `auto` by default: see {@link chooseBackend}. */
  readonly backend?: BackendName | 'auto';
  /** The directory and everything below it; false by default. Symlinks within are entries, not followed. */
  readonly recursive?: boolean;
  /** Pause between two listings of what is polled, in milliseconds; 2,000 by default. */
  readonly pollMs?: number;
  /**
   * Recursive only: pause between two comparisons of the whole tree with the disk, in milliseconds, ±10 %; 300,000 by default, 0 for none.
   * What they find is delivered and counted (`foundByRescan`).
   */
  readonly rescanMs?: number;
  /**
   * Recursive only: wait for a root that is not there yet or goes away, instead of failing or ending; false by default. After its
   * IN_IGNORED, IN_CREATE|IN_ISDIR of the root itself (empty name) says that it is back, then its content is reported as new.
   */
  readonly awaitRoot?: boolean;
  /**
   * Watch in a thread of its own; false by default. For programs whose main thread is busy for long: the thread keeps the kernel's queue
   * empty meanwhile. `status()` is as of the last batch of events. Run from TypeScript sources there is no file for a thread to load, and the
   * main thread watches.
   */
  readonly thread?: boolean;
  /** Hears when a backend cannot do all that is asked. */
  readonly logger?: Logger;
}

const POLL_MS = 2_000;
const RESCAN_MS = 300_000;

/**
 * Opens a watch on one directory, or on a whole tree; resolves once it stands: everything that happens afterwards is reported.
 *
 * @throws SenditError `watch-failed` when the path cannot be watched; its hint names the limit or permission to change
 * @throws TypeError when the mask or the pause is out of range
 */
export async function openWatchSource(options: OpenWatchOptions): Promise<WatchSource> {
  const { mask, pollMs = POLL_MS, logger = silentLogger } = options;
  if ((mask & IN_ALL_EVENTS) === 0 || (mask & ~IN_ALL_EVENTS) !== 0) {
    throw new TypeError(`Expected mask to be some of IN_ALL_EVENTS (0xfff), got ${mask}`);
  }
  if (!(pollMs > 0)) throw new TypeError(`Expected pollMs to be more than 0 milliseconds, got ${pollMs}`);
  const path = resolve(options.path);
  if (options.thread === true && !import.meta.url.endsWith('.ts')) {
    const { thread: _thread, logger: _logger, path: _path, mask: _mask, ...settings } = options;
    return openThreadSource(new URL('./thread/watch-thread.js', import.meta.url), { path, mask, settings }, logger);
  }
  if (options.recursive === true) return openTree(options, { path, mask, pollMs, logger });
  const { backend, reason } = await chooseBackend(path, options.backend);
  const missing = EVENT_NAMES.filter((name) => mask & IN[name] && !CAPABILITIES[backend].events.has(name)).join('|');
  if (backend !== 'inotify' && (missing !== '' || reason !== ASKED_FOR)) {
    logger.warning('Watching without inotify', { path, backend, reason, missing });
  }
  const common = { path, mask, reason, logger, pollMs };
  try {
    return await openBackend(backend, common);
  } catch (thrown) {
    const code = refusalOf(thrown);
    if (reason === ASKED_FOR || code === undefined || !isShortage(code)) throw thrown;
    return openForShortage(code, common);
  }
}

/** The system has no watch left: listing by turns does until the source is opened again. */
function openForShortage(code: string, common: Common & { readonly reason: string }): Promise<WatchSource> {
  const { path, logger } = common;
  const hint = hintFor(code);
  logger.warning('No watch is left: the directory is polled', { path, code, hint });
  const problem = { code, directories: 1, path, hint };
  return openPollingSource({ ...common, reason: `${common.reason}, but no watch is left (${code})`, problem });
}

interface Common {
  readonly path: string;
  readonly mask: number;
  readonly pollMs: number;
  readonly logger: Logger;
}

async function openTree(options: OpenWatchOptions, common: Common): Promise<WatchSource> {
  const { path, logger } = common;
  const { rescanMs = RESCAN_MS, awaitRoot = false } = options;
  if (!(rescanMs >= 0)) throw new TypeError(`Expected rescanMs to be 0 or more milliseconds, got ${rescanMs}`);
  const place = awaitRoot ? existingParent(path) : path;
  const { backend, reason, polled, countsLinks } = await chooseForTree(place, options.backend);
  if (backend !== 'inotify' || polled)
    logger.warning('Watching a tree without relying on inotify', { path, backend, reason });
  if (backend === 'chokidar') {
    const { openChokidarSource } = await import('./chokidar/chokidar-source.ts');
    return openChokidarSource({ ...common, reason, tree: { recheckMs: common.pollMs, rescanMs } });
  }
  const tree: Omit<TreeOptions, 'binding'> = { ...common, reason, polled, countsLinks, rescanMs, awaitRoot };
  return openTreeSource({ ...tree, binding: backend === 'polling' ? undefined : await needInotify(path) });
}

/** The nearest directory that exists: it tells the file system of a root that is still to come. */
function existingParent(path: string): string {
  let place = path;
  while (!existsSync(place)) place = dirname(place);
  return place;
}

async function needInotify(path: string): Promise<InotifyBinding> {
  const loaded = await loadInotifyBinding();
  if (loaded.kind === 'loaded') return loaded.binding;
  throw new SenditError(`Cannot watch ${path} with inotify: ${loaded.reason}`, {
    code: 'watch-failed',
    hint: 'Choose the backend `auto`, which falls back to chokidar.',
  });
}

async function openBackend(backend: BackendName, options: PollingOptions): Promise<WatchSource> {
  switch (backend) {
    case 'inotify':
      return openInotifySource({ ...options, binding: await needInotify(options.path) });
    case 'chokidar': {
      const { openChokidarSource } = await import('./chokidar/chokidar-source.ts');
      return openChokidarSource(options);
    }
    case 'polling':
      return openPollingSource({ ...options, revalidate: await openRevalidation() });
  }
}
