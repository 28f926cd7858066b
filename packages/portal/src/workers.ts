import type { Page, Worker } from '@sendit/api';
import type { Heartbeat } from '@sendit/model';
import { HEARTBEAT_LIMIT_MS } from './judge-health.ts';

/** Watchers and import workers by their signs of life, in the order given. */
export function toWorkerPage(beats: readonly (Heartbeat & { readonly ageMs: number })[]): Page<Worker> {
  const results = beats.map(
    ({ ageMs, host, mode, pid, role, roots, startedAt }): Worker => ({
      role: role ?? 'watcher',
      host,
      pid,
      alive: ageMs <= HEARTBEAT_LIMIT_MS,
      ageMs,
      startedAt,
      mode,
      roots: roots.map(({ name }) => name),
    }),
  );
  return { count: results.length, next: null, previous: null, results };
}
