import { resolve } from 'node:path';
import { type FileEvent, type Handle, IN, IN_ALL_EVENTS, type Logger, toHandle } from '@sendit/model';
import { openWatchSource } from './open-watch-source.ts';
import { type BackendName, CAPABILITIES } from './backend.ts';
import type { WatchSource } from './watch-source.ts';

/** Events that {@link watch} reports, and the kernel's events behind each. */
const MASKS = {
  create: IN.IN_CREATE,
  modify: IN.IN_MODIFY,
  close_write: IN.IN_CLOSE_WRITE,
  /** Both halves: only together they say where something was before. */
  move: IN.IN_MOVED_FROM | IN.IN_MOVED_TO,
  delete: IN.IN_DELETE | IN.IN_MOVED_FROM | IN.IN_MOVED_TO,
  attrib: IN.IN_ATTRIB,
} as const;

/** Events reported by default. */
const USUAL = ['create', 'close_write', 'move', 'delete'] as const;

/** One kind of event. */
export type WatchEventType = keyof typeof MASKS;

/** One thing that happened. */
export interface WatchEvent {
  /** `overflow`: events are missing, list the directory; it comes whatever was asked for. */
  readonly type: WatchEventType | 'overflow';
  /** Absolute; of a move the new one. */
  readonly path: string;
  /** Previous path of a move; absent if it came from outside. */
  readonly from?: string;
  readonly isDirectory: boolean;
}

/** How {@link watch} watches. */
export interface WatchOptions {
  /** `create`, `close_write`, `move` and `delete` by default. */
  readonly events?: readonly WatchEventType[] | undefined;
  /** Also everything below; false by default. */
  readonly recursive?: boolean | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** Chosen by platform and file system by default. */
  readonly backend?: BackendName | 'auto' | undefined;
  /** Hears of limits and of backends that cannot see all. */
  readonly logger?: Logger | undefined;
}

/** A watch that stands: iterated once, by `for await`. Leaving the loop, `close()` and the signal end it. */
export interface Watch extends AsyncIterable<WatchEvent>, Handle {
  readonly backend: BackendName;
  /** Why this backend. */
  readonly reason: string;
  /** Events that were asked for and that this backend never reports. */
  readonly missing: readonly WatchEventType[];
}

/** Longest time between the two halves of a move. */
const MOVE_MS = 50;

/**
 * Watches a directory, or with `recursive` all below it too; resolves once it stands: everything that happens
 * afterwards is reported. An entry moved out of it is a `delete`. Without `move` among the events, a rename is a
 * `delete` and a `create`.
 *
 * @throws SenditError `watch-failed` when the path cannot be watched; its hint names the limit or permission to change
 * @throws TypeError when `events` is empty or names one that there is not
 */
export async function watch(path: string, options: WatchOptions = {}): Promise<Watch> {
  const { backend, events = USUAL, logger, recursive = false, signal } = options;
  signal?.throwIfAborted();
  const asked = new Set(events.map(toType));
  if (asked.size === 0) throw new TypeError('Expected `events` to name at least one event');
  let mask = [...asked].reduce((all, type) => all | MASKS[type], 0);
  // A rename is a new name, too.
  if (asked.has('create')) mask |= IN.IN_MOVED_TO;
  const source = await openWatchSource({
    path,
    mask: mask & IN_ALL_EVENTS,
    recursive,
    ...(backend && { backend }),
    ...(logger && { logger }),
  });
  const root = resolve(path);
  return {
    backend: source.backend,
    reason: source.reason,
    missing: [...asked].filter((type) => !isReported(type, source.backend)),
    [Symbol.asyncIterator]: () => toEvents(source, { asked, root, signal }),
    ...toHandle(() => source.close()),
  };
}

function toType(type: string): WatchEventType {
  if (Object.hasOwn(MASKS, type)) return type as WatchEventType;
  throw new TypeError(`Expected \`events\` to be among ${Object.keys(MASKS).join(', ')}, got \`${type}\``);
}

function isReported(type: WatchEventType, backend: BackendName): boolean {
  const { events } = CAPABILITIES[backend];
  switch (type) {
    case 'create':
      return events.has('IN_CREATE');
    case 'modify':
      return events.has('IN_MODIFY');
    case 'close_write':
      return events.has('IN_CLOSE_WRITE');
    case 'move':
      return events.has('IN_MOVED_TO');
    case 'delete':
      return events.has('IN_DELETE');
    case 'attrib':
      return events.has('IN_ATTRIB');
  }
}

interface Asked {
  readonly asked: ReadonlySet<WatchEventType>;
  readonly root: string;
  readonly signal: AbortSignal | undefined;
}

/** A first half of a move that waits for the other. */
interface Half {
  readonly cookie: number | undefined;
  readonly event: WatchEvent;
  readonly dueAt: number;
}

async function* toEvents(source: WatchSource, { asked, root, signal }: Asked): AsyncGenerator<WatchEvent, void, void> {
  const events = source.events(signal)[Symbol.asyncIterator]();
  const halves: Half[] = [];
  let next = events.next();
  try {
    for (;;) {
      const due = halves[0];
      const heard = due === undefined ? await next : await within(next, due.dueAt - performance.now());
      if (heard === 'late') {
        if (due !== undefined) yield due.event;
        halves.shift();
        continue;
      }
      if (heard.done === true) break;
      next = events.next();
      const event = heard.value;
      if (asked.has('move') && (event.mask & IN.IN_MOVED_FROM) !== 0) {
        if (asked.has('delete'))
          halves.push({ cookie: event.cookie, event: toEvent('delete', event), dueAt: performance.now() + MOVE_MS });
        continue;
      }
      const at = halves.findIndex(({ cookie }) => cookie !== undefined && cookie === event.cookie);
      if (at >= 0) halves.splice(at, 1);
      const told = tell(event, asked, root);
      if (told !== undefined) yield told;
    }
    for (const { event } of halves) yield event;
  } finally {
    // Nobody waits for it any more.
    next.catch(() => undefined);
    await source.close();
  }
}

/** The reported form of an event, if wanted. */
function tell(event: FileEvent, asked: ReadonlySet<WatchEventType>, root: string): WatchEvent | undefined {
  const { mask } = event;
  if ((mask & IN.IN_Q_OVERFLOW) !== 0) return { type: 'overflow', path: root, isDirectory: true };
  if (event.name === '' || (mask & (IN.IN_DELETE_SELF | IN.IN_MOVE_SELF | IN.IN_IGNORED | IN.IN_UNMOUNT)) !== 0)
    return undefined;
  const type = toWord(mask, asked);
  if (type === undefined || !asked.has(type)) return undefined;
  return toEvent(type, event);
}

function toWord(mask: number, asked: ReadonlySet<WatchEventType>): WatchEventType | undefined {
  if ((mask & IN.IN_MOVED_TO) !== 0) return asked.has('move') ? 'move' : 'create';
  if ((mask & (IN.IN_DELETE | IN.IN_MOVED_FROM)) !== 0) return 'delete';
  if ((mask & IN.IN_CREATE) !== 0) return 'create';
  if ((mask & IN.IN_CLOSE_WRITE) !== 0) return 'close_write';
  if ((mask & IN.IN_MODIFY) !== 0) return 'modify';
  return (mask & IN.IN_ATTRIB) === 0 ? undefined : 'attrib';
}

function toEvent(type: WatchEventType, { dir, pathname, srcPathname }: FileEvent): WatchEvent {
  const from = type === 'move' && srcPathname !== undefined ? { from: srcPathname } : {};
  return { type, path: pathname, ...from, isDirectory: dir };
}

/** Waits a limited time for a promise; it may be awaited again. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolveLate) => {
    timer = setTimeout(() => resolveLate('late'), Math.max(0, ms));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
