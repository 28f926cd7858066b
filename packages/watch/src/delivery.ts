import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileEvent } from '@sendit/model';

/** Nothing more will come. */
export const END = Symbol('end of events');

/** Something was done that is no event, and there is more to do. */
export const BUSY = Symbol('more to do');

/** The next event, `undefined` for none at the moment, {@link BUSY}, or {@link END}. */
export type NextEvent = () => FileEvent | undefined | typeof BUSY | typeof END;

/** Longest time that one burst may keep the event loop, the consumer's own work included. */
const SLICE_MS = 4;

/** Hands what a backend has queued to its one consumer: in order, in slices, until aborted or ended. */
export class Delivery {
  #wake: (() => void) | undefined;

  /** Says that `next` may have something now. */
  notify(): void {
    this.#wake?.();
  }

  async *run(next: NextEvent, signal: AbortSignal): AsyncGenerator<FileEvent, void, void> {
    using _ending = this.#wakeAtEnd(signal);
    const slice = new Slice();
    while (!signal.aborted) {
      const event = next();
      if (event === END) return;
      if (event === undefined) {
        await this.#wait(signal);
        slice.begin();
        continue;
      }
      if (event !== BUSY) yield event;
      if (slice.isOver()) await slice.rest();
    }
  }

  /** As {@link run}, calling back: no promise per event. */
  async drain(next: NextEvent, onEvent: (event: FileEvent) => void, signal: AbortSignal): Promise<void> {
    using _ending = this.#wakeAtEnd(signal);
    const slice = new Slice();
    while (!signal.aborted) {
      const event = next();
      if (event === END) return;
      if (event === undefined) {
        await this.#wait(signal);
        slice.begin();
        continue;
      }
      if (event !== BUSY) onEvent(event);
      if (slice.isOver()) await slice.rest();
    }
  }

  #wakeAtEnd(signal: AbortSignal): Disposable {
    const wake = (): void => this.notify();
    signal.addEventListener('abort', wake, { once: true });
    return { [Symbol.dispose]: () => signal.removeEventListener('abort', wake) };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}

/** Time on the event loop. */
class Slice {
  #start = performance.now();

  begin(): void {
    this.#start = performance.now();
  }

  isOver(): boolean {
    return performance.now() - this.#start >= SLICE_MS;
  }

  /** Lets everybody else on the loop. */
  async rest(): Promise<void> {
    await nextTurn();
    this.begin();
  }
}
