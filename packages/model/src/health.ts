import type { FindingSeverity } from './finding.ts';

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
  'files-missing',
  'files-unreadable',
  'late-files',
  'actions-failed',
] as const;

/** One word of {@link HEALTH_CODES}. */
export type HealthCode = (typeof HEALTH_CODES)[number];

/** One thing that somebody should know of. */
export interface HealthProblem {
  readonly code: HealthCode;
  readonly severity: FindingSeverity;
  /** ISO time since when it is known; null when nobody noted it. */
  readonly since: string | null;
  /** Subject: `database`, `queue`, `batches`, `actions`, a host, the name of a watch path. */
  readonly subject: string;
  /** The problem and what to do about it, in one or more sentences. */
  readonly message: string;
}

/** The judgement of a whole installation: the worst severity that stands, and all that stands, worst first. */
export interface Health {
  readonly level: FindingSeverity | 'well';
  readonly problems: readonly HealthProblem[];
}
