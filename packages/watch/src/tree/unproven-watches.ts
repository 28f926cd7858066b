import type { InotifyRecord } from '../inotify/record-queue.ts';

/** Maximum records, in all, that wait for the proof of their directories. */
const MAX_HELD = 65_536;

/** Records that came before it is proven which directory they are of. */
export interface HeldRecords {
  readonly wd: number;
  records: InotifyRecord[];
  /** Too many came, and were dropped: what is in the directory must be listed again. */
  overrun: boolean;
}

/** The watches that are set and belong to no directory of the tree yet. */
export class UnprovenWatches {
  readonly #byWd = new Map<number, HeldRecords>();
  #count = 0;

  has(wd: number): boolean {
    return this.#byWd.has(wd);
  }

  /** Begins to keep the records of a watch. A directory found by two paths is kept for the later one. */
  open(wd: number): HeldRecords {
    const held: HeldRecords = { wd, records: this.#byWd.get(wd)?.records ?? [], overrun: false };
    this.#byWd.set(wd, held);
    return held;
  }

  /** Keeps a record, if it is of such a watch. */
  hold(record: InotifyRecord): void {
    const held = this.#byWd.get(record.wd);
    if (held === undefined || held.overrun) return;
    if (this.#count >= MAX_HELD) {
      this.#count -= held.records.length;
      Object.assign(held, { records: [], overrun: true });
      return;
    }
    held.records.push(record);
    this.#count += 1;
  }

  /** Ends it; false when a later visit has found the same directory elsewhere. */
  close(held: HeldRecords): boolean {
    if (this.#byWd.get(held.wd) !== held) return false;
    this.#count -= held.records.length;
    return this.#byWd.delete(held.wd);
  }

  clear(): void {
    this.#byWd.clear();
    this.#count = 0;
  }
}
