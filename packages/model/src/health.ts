/** Problems an installation can have; docs/troubleshooting.md has a line for each. */
export const HEALTH_CODES = [
  'not-running',
  'database-unavailable',
  'queue-unavailable',
  'queue-refuses',
  'no-worker',
  'watcher-gone',
  'worker-gone',
  'not-watched',
  'watch-degraded',
  'writers-unseen',
  'directories-held',
  'directories-quarantined',
  'directories-stuck',
  'batches-failed',
  'batches-held',
  'batches-quarantined',
  'files-missing',
  'files-unreadable',
  'late-files',
  'actions-failed',
  'disk-low',
  'queue-slow',
  'queue-paused',
  'no-arrivals',
  'alert-failed',
] as const;

/** One word of {@link HEALTH_CODES}. */
export type HealthCode = (typeof HEALTH_CODES)[number];
