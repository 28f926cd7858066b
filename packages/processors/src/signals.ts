import { EVENT_NAMES, type EventName, type FileEvent, type Logger, toErrorName, toThrownText } from '@sendit/model';

/** Payload of a signal. */
export interface Signalled {
  /** Name of the processor that sent it. */
  readonly sender: string;
  /** Name of the watch path. */
  readonly root: string;
  readonly event: FileEvent;
}

/** Hears a signal. */
export type Receiver = (signalled: Signalled) => void | Promise<void>;

/** One kind of news, with any number of receivers. */
export interface Signal {
  /** Adds a receiver; the answer takes it away again. The same receiver is added once. */
  connect(receiver: Receiver): () => void;
  /** Tells every receiver, in the order of connecting, and waits for none. A receiver's error is logged and stops nothing. */
  send(signalled: Signalled): void;
}

/** One signal per event type: `in_create`, `in_moved_to`, … */
export type Signals = Readonly<Record<Lowercase<EventName>, Signal>>;

/** The signal of one event type. */
export function signalOf(signals: Signals, name: EventName): Signal {
  return signals[toSignalName(name)];
}

/** A set of signals that nobody hears yet. */
export function createSignals(logger: Logger): Signals {
  const entries = EVENT_NAMES.map((name) => [toSignalName(name), createSignal(toSignalName(name), logger)] as const);
  return Object.fromEntries(entries) as Signals;
}

function toSignalName(name: EventName): Lowercase<EventName> {
  return name.toLowerCase() as Lowercase<EventName>;
}

function createSignal(name: string, logger: Logger): Signal {
  const receivers = new Set<Receiver>();
  const failed = (thrown: unknown): void => {
    logger.error('A signal receiver failed; the others were told', { signal: name, error: toErrorName(thrown) });
    // Its words may hold names of what lands: those belong on stdout, with the transcript.
    logger.info(`The receiver said: ${toThrownText(thrown)}`, { signal: name });
  };
  return {
    connect: (receiver) => {
      receivers.add(receiver);
      return () => void receivers.delete(receiver);
    },
    send: (signalled) => {
      // A copy: receivers may come and go while they are told.
      const current = Array.from(receivers);
      for (const receiver of current) {
        try {
          Promise.resolve(receiver(signalled)).catch(failed);
        } catch (thrown) {
          failed(thrown);
        }
      }
    },
  };
}
