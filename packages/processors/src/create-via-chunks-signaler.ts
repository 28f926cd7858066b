import { type FileEvent, IN, type MonotonicMs, toFileEvent } from '@sendit/model';
import { defineProcessor, type Processor, type ProcessorContext } from './processor.ts';

/** A part is given up after this long without an event. */
const FORGET_AFTER_MS = 6 * 60 * 60 * 1000;

/**
 * One `.part` file, by its path:
 *
 * created → written (IN_MODIFY or IN_CLOSE_WRITE) → renamed to a name without `.part`: signalled and forgotten
 *
 * Renamed to another `.part`, it keeps its state; deleted, or moved out of sight, it is forgotten.
 */
interface Part {
  written: boolean;
  heardAt: MonotonicMs;
}

/** Sends one `in_create` for a file that arrives in chunks: its `.part` is created, written, then renamed. The event carries the final name. */
export function CreateViaChunksSignaler(): Processor {
  /** In the order of last being heard of. */
  const parts = new Map<string, Part>();
  /** Path of a part that is on the move, by cookie, for backends that do not join the halves. */
  const moving = new Map<number, string>();

  const hear = (path: string, part: Part, now: MonotonicMs): void => {
    parts.delete(path);
    parts.set(path, { ...part, heardAt: now });
  };

  const forgetOld = (now: MonotonicMs): void => {
    for (const [path, { heardAt }] of parts) {
      if (now - heardAt < FORGET_AFTER_MS) break;
      parts.delete(path);
    }
    for (const [cookie, path] of moving) if (!parts.has(path)) moving.delete(cookie);
  };

  const onWritten = (event: FileEvent, { clock }: ProcessorContext): void => {
    forgetOld(clock.now());
    if (parts.has(event.pathname)) hear(event.pathname, { written: true, heardAt: 0 }, clock.now());
  };

  const onMovedTo = (event: FileEvent, context: ProcessorContext): void => {
    const now = context.clock.now();
    forgetOld(now);
    const source = event.srcPathname ?? (event.cookie === undefined ? undefined : moving.get(event.cookie));
    if (event.cookie !== undefined) moving.delete(event.cookie);
    const part = source === undefined ? undefined : parts.get(source);
    if (source === undefined || part === undefined) return;
    parts.delete(source);
    if (isPart(event.name)) return hear(event.pathname, part, now);
    if (!part.written) return;
    const created = toFileEvent({ wd: event.wd, mask: IN.IN_CREATE, path: event.path, name: event.name });
    context.signals.in_create.send({ sender: 'CreateViaChunksSignaler', root: context.root.name, event: created });
  };

  return defineProcessor('CreateViaChunksSignaler', {
    IN_CREATE: (event, { clock }) => {
      forgetOld(clock.now());
      if (!event.dir && isPart(event.name)) hear(event.pathname, { written: false, heardAt: 0 }, clock.now());
    },
    IN_MODIFY: onWritten,
    IN_CLOSE_WRITE: onWritten,
    IN_MOVED_FROM: (event, { clock }) => {
      forgetOld(clock.now());
      if (event.cookie !== undefined && parts.has(event.pathname)) moving.set(event.cookie, event.pathname);
    },
    IN_MOVED_TO: onMovedTo,
    IN_DELETE: (event) => void parts.delete(event.pathname),
  });
}

function isPart(name: string): boolean {
  return /\.part$/i.test(name);
}
