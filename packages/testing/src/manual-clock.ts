import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '@sendit/model';

/** Lets everything run that waits for no time and no disk. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await turn();
}

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  #now = 1_000;
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const sleeper = {
        at: this.#now + Math.max(ms, 0),
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  /** Moves on by `ms`, waking sleepers in order and letting each run before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let steps = 0; ; steps++) {
      if (steps > 10_000) throw new Error('Expected the code under test to sleep, got a busy loop');
      const next = [...this.#sleepers].sort((one, other) => one.at - other.at)[0];
      if (next === undefined || next.at > end) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settle();
    }
    this.#now = end;
  }
}
