import type { FileEvent, Handle, Logger } from '@sendit/model';
import type { BackendName } from './backend.ts';
import type { WatchStatus } from './watch-status.ts';

/**
 * One watched directory, with `recursive` all below it too. Disposing frees what it holds, ends the iteration and may be repeated.
 *
 * A source whose events nobody iterates does not keep the process alive (chokidar's does: dispose it).
 */
export interface WatchSource extends Handle {
  readonly backend: BackendName;
  /** Why this backend: `Linux, ext4`, or `koffi could not be loaded: …`. */
  readonly reason: string;
  /**
   * Single use; leaving the loop frees the source. Ends when the signal aborts, the source is disposed, or the root goes away: after
   * its IN_DELETE_SELF, IN_MOVE_SELF or IN_UNMOUNT where the backend can tell, and IN_IGNORED in any case.
   *
   * Delivers what the mask asked for, and always IN_Q_OVERFLOW, IN_IGNORED, IN_UNMOUNT and the self events. After IN_Q_OVERFLOW
   * (`wd` -1, empty name) events are missing: list the directory. An IN_MOVED_TO carries `srcPathname` when its IN_MOVED_FROM was
   * delivered too; a mask of IN_MOVED_TO alone gets only that half from the kernel.
   *
   * Memory is bounded. inotify: 8 MiB of records (about 170,000 short names), then reading stops until half is consumed, and the
   * kernel's own queue (fs.inotify.max_queued_events) overflows. chokidar: 65,536 events, then IN_Q_OVERFLOW. polling: two listings.
   *
   * @throws TypeError when called twice
   * @throws SenditError `watch-failed` from the iteration when the backend breaks
   */
  events(signal?: AbortSignal): AsyncIterable<FileEvent>;
  /**
   * {@link events} as calls, without a promise per event: resolves where the iteration would end. Either of the two, once. What the
   * callback throws ends it and is thrown on.
   */
  run(onEvent: (event: FileEvent) => void, signal?: AbortSignal): Promise<void>;
  status(): WatchStatus;
}

/** Options of every backend; the path is absolute. */
export interface BackendOptions {
  readonly path: string;
  /** Any of IN_ALL_EVENTS. */
  readonly mask: number;
  readonly reason: string;
  readonly logger: Logger;
}
