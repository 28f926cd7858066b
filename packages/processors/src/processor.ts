import type { Arrival } from '@sendit/detector';
import { type Clock, type EventName, type FileEvent, type Logger, toEventName } from '@sendit/model';
import type { Signals } from './signals.ts';

/** A directory that may become a batch. */
export interface Candidate {
  /** Base name: a direct child of the watch path. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly arrival: Arrival;
  /** When its rename was noticed, ms since the epoch; by default the time of the current event. */
  readonly heardAt?: number | undefined;
  /** The name's bytes where it is not valid UTF-8. */
  readonly rawName?: Uint8Array;
  /** An event told of it, though not how it came: it has its turn before what a scan found. */
  readonly isTold?: boolean;
}

/** Services for a processor; the same object for every event of one watch path. */
export interface ProcessorContext {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Aborts when the watcher stops. */
  readonly signal: AbortSignal;
  readonly signals: Signals;
  readonly root: { readonly name: string; readonly path: string };
  /** Hands a directory to the intake, which leaves out test directories, waits until it is complete and seals it. Returns at once. */
  submit(candidate: Candidate): void;
}

/** Answers one event. */
export type Handler = (event: FileEvent, context: ProcessorContext) => void | Promise<void>;

/**
 * Turns file events into effects. Events of one watch path come one after the other, each when the one before is handled. An error is logged
 * and stops nothing. May keep state: every watch path has its own.
 */
export interface Processor {
  readonly name: string;
  /** It submits candidates, so that the folder is also scanned: at the start, after an overflow, and from time to time. */
  readonly intake?: boolean;
  handle(event: FileEvent, context: ProcessorContext): void | Promise<void>;
}

/** One handler per event type, as pyinotify's `process_IN_CREATE`; `default` for those that have none, as `process_default`. */
export type Handlers = Partial<Record<EventName, Handler>> & { readonly default?: Handler };

/** A processor from one handler per event type; events without a handler are ignored. */
export function defineProcessor(
  name: string,
  handlers: Handlers,
  options: { readonly intake?: boolean } = {},
): Processor {
  return {
    name,
    intake: options.intake ?? false,
    handle: (event, context) => {
      const eventName = toEventName(event.mask);
      const handler = (eventName === undefined ? undefined : handlers[eventName]) ?? handlers.default;
      return handler?.(event, context);
    },
  };
}
