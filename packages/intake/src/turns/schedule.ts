import type { MonotonicMs } from '@sendit/model';
import TinyQueue from 'tinyqueue';

interface Slot {
  readonly key: string;
  readonly at: MonotonicMs;
  readonly order: number;
}

/** Keys with a due time each; the earliest comes first, equal times in the order of adding. */
export class Schedule {
  readonly #slots = new TinyQueue<Slot>([], (a, b) => a.at - b.at || a.order - b.order);
  /** The valid slot of each key; others in the queue are leftovers. */
  readonly #current = new Map<string, number>();
  #order = 0;

  /** Sets the due time of a key, in place of the one it had. */
  set(key: string, at: MonotonicMs): void {
    this.#order += 1;
    this.#current.set(key, this.#order);
    this.#slots.push({ key, at, order: this.#order });
  }

  /** Forgets a key. */
  delete(key: string): void {
    this.#current.delete(key);
  }

  /** Takes away the first key that is due. */
  takeDue(now: MonotonicMs): string | undefined {
    const at = this.nextAt();
    if (at === undefined || at > now) return undefined;
    const slot = this.#slots.pop();
    if (slot !== undefined) this.#current.delete(slot.key);
    return slot?.key;
  }

  /** When the first key is due. */
  nextAt(): MonotonicMs | undefined {
    let first = this.#slots.peek();
    while (first !== undefined && this.#current.get(first.key) !== first.order) {
      this.#slots.pop();
      first = this.#slots.peek();
    }
    return first?.at;
  }
}
