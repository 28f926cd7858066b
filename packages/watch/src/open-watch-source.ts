import { resolve } from 'node:path';
import { EVENT_NAMES, IN, IN_ALL_EVENTS, type Logger, SenditError, silentLogger } from '@sendit/model';
import { ASKED_FOR, chooseBackend } from './choose-backend.ts';
import { loadInotifyBinding } from './inotify/binding.ts';
import { openInotifySource } from './inotify/inotify-source.ts';
import { openPollingSource, type PollingOptions } from './polling/polling-source.ts';
import { type BackendName, CAPABILITIES, type WatchSource } from './watch-source.ts';

/** What to watch, and how. */
export interface OpenWatchOptions {
  /** An existing directory; a symlink to one is followed. */
  readonly path: string;
  /** inotify event bits, any of IN_ALL_EVENTS. */
  readonly mask: number;
  /** `auto` by default: see {@link chooseBackend}. */
  readonly backend?: BackendName | 'auto';
  /** Pause between two listings of the polling backend in milliseconds; 2,000 by default. */
  readonly pollMs?: number;
  /** Hears when a backend cannot do all that is asked. */
  readonly logger?: Logger;
}

const POLL_MS = 2_000;

/**
 * Opens a flat watch on one directory; resolves once it stands: everything that happens afterwards is reported.
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
  const { backend, reason } = await chooseBackend(path, options.backend);
  const missing = EVENT_NAMES.filter((name) => mask & IN[name] && !CAPABILITIES[backend].events.has(name)).join('|');
  if (backend !== 'inotify' && (missing !== '' || reason !== ASKED_FOR)) {
    logger.warning('Watching without inotify', { path, backend, reason, missing });
  }
  return openBackend(backend, { path, mask, reason, logger, pollMs });
}

async function openBackend(backend: BackendName, options: PollingOptions): Promise<WatchSource> {
  switch (backend) {
    case 'inotify': {
      const loaded = await loadInotifyBinding();
      if (loaded.kind === 'loaded') return openInotifySource({ ...options, binding: loaded.binding });
      throw new SenditError(`Cannot watch ${options.path} with inotify: ${loaded.reason}`, {
        code: 'watch-failed',
        hint: 'Choose the backend `auto`, which falls back to chokidar.',
      });
    }
    case 'chokidar': {
      const { openChokidarSource } = await import('./chokidar/chokidar-source.ts');
      return openChokidarSource(options);
    }
    case 'polling':
      return openPollingSource(options);
  }
}
