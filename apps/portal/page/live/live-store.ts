import type { QueryClient } from '@tanstack/react-query';
import type { BatchSummary, WatcherStatus } from '@sendit/api';
import { useSyncExternalStore } from 'react';
import { type ConnectionState, followLive, type LiveProblem } from './follow-live.ts';

/** All that the live feed has said so far. */
export interface Live {
  readonly connection: ConnectionState;
  /** Epoch ms of the moment when the connection was lost; null while it is not. */
  readonly lostAt: number | null;
  readonly problem: LiveProblem | null;
  readonly status: WatcherStatus | undefined;
  /** The newest batches, newest first. */
  readonly batches: readonly BatchSummary[] | undefined;
}

/** Queries to repeat when the status, or a batch, changes. Lists of batches take the news from the feed itself. */
const OF_STATUS = ['pending', 'stages', 'workers'] as const;
const OF_BATCHES = ['batches', 'stages', 'audit', 'jobs', 'explain'] as const;

let live: Live = {
  connection: 'connecting',
  lostAt: null,
  problem: null,
  status: undefined,
  batches: undefined,
};
const readers = new Set<() => void>();

function say(changes: Partial<Live>): void {
  live = { ...live, ...changes };
  for (const read of readers) read();
}

/** Starts to follow the feed; what it says of batches makes lists of them ask again. */
export function startLive(queries: QueryClient): void {
  followLive({
    onConnection(connection) {
      if (connection === live.connection) return;
      const isBack = connection === 'live' && live.connection === 'lost';
      say({ connection, lostAt: connection === 'lost' ? Date.now() : null });
      if (isBack) void queries.invalidateQueries();
    },
    onStatus(status) {
      say({ status });
      for (const key of OF_STATUS) void queries.invalidateQueries({ queryKey: [key] });
    },
    onBatches(batches) {
      say({ batches });
      for (const key of OF_BATCHES) void queries.invalidateQueries({ queryKey: [key] });
    },
    onProblem(problem) {
      say({ problem });
    },
  });
}

/** The live feed's current state. */
export function useLive(): Live {
  return useSyncExternalStore(listen, () => live);
}

function listen(read: () => void): () => void {
  readers.add(read);
  return () => readers.delete(read);
}
