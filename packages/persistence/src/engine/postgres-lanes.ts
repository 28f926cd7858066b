import { SenditError } from '@sendit/model';
import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import type { Queries } from './connection.ts';

/** One connection to the server. Once it is lost it stays so: every query on it rejects, nothing reconnects it. */
export interface Lane {
  readonly db: Queries;
  readonly lost: boolean;
  /** Gives the connection up, now. */
  lose(): void;
  /** Closes the connection when its query is done. */
  end(): Promise<void>;
}

/** Connections, each opened when needed and used by one caller at a time. */
export interface Lanes extends AsyncDisposable {
  /** Waits for a free one, in the order of asking. */
  acquire(): Promise<Lane>;
  release(lane: Lane): void;
}

/** Interface from a client to its lane. */
export interface LaneOwner {
  /** Its connection is closed. */
  readonly onclose: () => void;
  /** Aborts when no connection is wanted any more. */
  readonly givenUp: AbortSignal;
}

/** Opens a client of one connection. */
export type OpenClient = (owner: LaneOwner) => postgres.Sql;

/**
 * A pool whose members are thrown away when their connection is lost.
 *
 * The driver's own pool is not used, because it reconnects in place. A transaction that loses its connection then goes on
 * with the next one, outside any transaction or inside another one, and its rollback on the closed socket ends the process
 * with an uncaught TypeError (porsager/postgres#1133, #1208, #1216; postgres 3.4.9).
 */
export function openLanes(openClient: OpenClient, max: number): Lanes {
  const all = new Set<Lane>();
  const idle = new Set<Lane>();
  const waiting: { readonly resolve: (lane: Lane) => void; readonly reject: (error: Error) => void }[] = [];
  let disposed = false;

  function open(): Lane {
    const lane = openLane(openClient, () => {
      all.delete(lane);
      idle.delete(lane);
    });
    all.add(lane);
    return lane;
  }

  function take(): Lane | undefined {
    const [free] = idle;
    if (free !== undefined) idle.delete(free);
    return free ?? (all.size < max ? open() : undefined);
  }

  return {
    acquire: async () => {
      if (disposed) throw connectionLost();
      return take() ?? new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    release: (lane) => {
      if (!lane.lost) idle.add(lane);
      const first = disposed ? undefined : waiting.shift();
      const free = first === undefined ? undefined : take();
      if (free !== undefined) first?.resolve(free);
      else if (first !== undefined) waiting.unshift(first);
    },
    [Symbol.asyncDispose]: async () => {
      disposed = true;
      for (const { reject } of waiting.splice(0)) reject(connectionLost());
      await Promise.all([...all].map((lane) => lane.end()));
    },
  };
}

function openLane(openClient: OpenClient, onLost: () => void): Lane {
  let lost = false;
  const givenUp = new AbortController();
  const lose = (): void => {
    if (lost) return;
    lost = true;
    onLost();
    // The driver settles this by itself within its timeout; there is nothing to hear from it.
    client.end({ timeout: 0 }).catch(() => undefined);
    givenUp.abort();
  };
  const client = openClient({ onclose: lose, givenUp: givenUp.signal });
  const guarded = new Proxy(client, {
    get: (target, key, receiver): unknown => {
      if (key === 'unsafe' && lost) throw connectionLost();
      return Reflect.get(target, key, receiver);
    },
  });
  return {
    db: drizzle({ client: guarded }),
    get lost() {
      return lost;
    },
    lose,
    end: async () => {
      await client.end({ timeout: 5 });
      givenUp.abort();
    },
  };
}

function connectionLost(): SenditError {
  return new SenditError('Expected an open connection to the database, but it was closed.', {
    code: 'database-unavailable',
    retry: 'safe',
    hint: 'Check that the server runs; the next call opens another connection.',
  });
}
