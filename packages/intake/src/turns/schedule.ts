import type { MonotonicMs } from '@sendit/model';

interface Slot {
  readonly key: string;
  readonly at: MonotonicMs;
  readonly order: number;
}

/** Keys with a due time each; the earliest comes first, equal times in the order of adding. A binary heap: log n per step. */
export class Schedule {
  readonly #heap: Slot[] = [];
  /** The valid slot of each key; others in the heap are leftovers. */
  readonly #current = new Map<string, number>();
  #order = 0;

  /** Sets the due time of a key, in place of the one it had. */
  set(key: string, at: MonotonicMs): void {
    this.#order += 1;
    this.#current.set(key, this.#order);
    this.#heap.push({ key, at, order: this.#order });
    this.#up(this.#heap.length - 1);
  }

  /** Forgets a key. */
  delete(key: string): void {
    this.#current.delete(key);
  }

  /** Takes away the first key that is due. */
  takeDue(now: MonotonicMs): string | undefined {
    const at = this.nextAt();
    if (at === undefined || at > now) return undefined;
    const slot = this.#pop();
    if (slot !== undefined) this.#current.delete(slot.key);
    return slot?.key;
  }

  /** When the first key is due. */
  nextAt(): MonotonicMs | undefined {
    let first = this.#heap[0];
    while (first !== undefined && this.#current.get(first.key) !== first.order) {
      this.#pop();
      first = this.#heap[0];
    }
    return first?.at;
  }

  #pop(): Slot | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#down(0);
    }
    return first;
  }

  #isBefore(one: number, other: number): boolean {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return false;
    return a.at === b.at ? a.order < b.order : a.at < b.at;
  }

  #swap(one: number, other: number): void {
    const a = this.#heap[one];
    const b = this.#heap[other];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }

  #up(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #down(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const child = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(child, index)) return;
      this.#swap(index, child);
      index = child;
    }
  }
}
