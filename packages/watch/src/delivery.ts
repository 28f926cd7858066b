import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileEvent } from '@sendit/model';

/** Nothing more will come. */
export const END = Symbol('end of events');

/** Something was done that is no event, and there is more to do. */
export const BUSY = Symbol('more to do');

/** The next event, `undefined` when there is none at the moment, {@link BUSY}, or {@link END}. */
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
    let sliceStart = performance.now();
    while (!signal.aborted) {
      const event = next();
      if (event === END) return;
      if (event === undefined) {
        await this.#wait(signal);
        sliceStart = performance.now();
        continue;
      }
      if (event !== BUSY) yield event;
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await nextTurn();
      sliceStart = performance.now();
    }
  }

  /** As {@link run}, calling back: no promise per event. */
  async drain(next: NextEvent, onEvent: (event: FileEvent) => void, signal: AbortSignal): Promise<void> {
    let sliceStart = performance.now();
    while (!signal.aborted) {
      const event = next();
      if (event === END) return;
      if (event === undefined) {
        await this.#wait(signal);
        sliceStart = performance.now();
        continue;
      }
      if (event !== BUSY) onEvent(event);
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await nextTurn();
      sliceStart = performance.now();
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#wake = undefined;
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#wake = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
