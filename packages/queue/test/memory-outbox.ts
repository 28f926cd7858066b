import type { Clock, OutboxRow } from '@sendit/model';
import type { OutboxPort } from '../src/relay.ts';

/** A clock that stands still; its sleeps end at once, after the time they asked for. */
export interface HeldClock extends Clock {
  advance(ms: number): void;
}

export function heldClock(): HeldClock {
  let now = 0;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: (ms, signal) => {
      now += ms;
      return new Promise((resolve) => {
        if (signal?.aborted === true) resolve();
        else setImmediate(resolve);
      });
    },
  };
}

/** The outbox in memory: due rows are leased, sent ones become due again. */
export interface MemoryOutbox extends OutboxPort {
  append(row: OutboxRow): void;
  /** Deletes the row, as the commit of the job's effect does. */
  delete(id: string): void;
  readonly size: number;
  readonly marked: readonly string[];
}

export function memoryOutbox(clock: Clock): MemoryOutbox {
  const dueAt = new Map<OutboxRow, number>();
  const marked: string[] = [];
  const find = (id: string): OutboxRow | undefined => [...dueAt.keys()].find((row) => row.id === id);
  return {
    marked,
    get size() {
      return dueAt.size;
    },
    append: (row) => void dueAt.set(row, clock.now()),
    delete: (id) => {
      const row = find(id);
      if (row !== undefined) dueAt.delete(row);
    },
    claim: async ({ limit, leaseMs }) => {
      const due = [...dueAt].filter(([, at]) => at <= clock.now()).slice(0, limit);
      for (const [row] of due) dueAt.set(row, clock.now() + leaseMs);
      return due.map(([row]) => row);
    },
    markSent: async (ids, { resendAfterMs }) => {
      marked.push(...ids);
      for (const row of ids.map(find)) if (row !== undefined) dueAt.set(row, clock.now() + resendAfterMs);
    },
  };
}
