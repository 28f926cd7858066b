import type { HealthProblem, PublicHealth, StageCounts, WatcherStatus } from '@sendit/api';
import type { HealthCode } from '@sendit/model';
import type { LiveEvent } from './live-feed.ts';

/** Problems whose words name nothing: no host, no folder, no watch path. */
const NAMELESS: ReadonlySet<HealthCode> = new Set([
  'not-running',
  'no-worker',
  'batches-failed',
  'batches-quarantined',
  'batches-held',
  'directories-held',
  'directories-quarantined',
  'files-missing',
  'files-unreadable',
  'late-files',
  'actions-failed',
]);

const SEE_MORE = 'The link that `sendit portal open` prints shows what this is about.';

/** Health and counts of a status. */
export function toHealthAndCounts(status: WatcherStatus, stages: StageCounts | null): PublicHealth {
  const { active, actions, health = { level: 'well', problems: [] }, mode, queue, since } = status;
  return { active, since, mode, queue, actions, health, stages };
}

/** Health and counts, for those who may not see names. */
export function toPublicHealth(told: PublicHealth): PublicHealth {
  return { ...told, health: withoutNames(told.health) };
}

/** A change of the live feed as those see it who may not see names. */
export function toPublicEvent({ channel, json }: LiveEvent): LiveEvent {
  switch (channel) {
    case 'status': {
      const status = JSON.parse(json) as WatcherStatus;
      const health = withoutNames(status.health);
      const problems = health.problems.map(({ message }) => message);
      return { channel, json: JSON.stringify({ ...status, pid: null, roots: [], health, problems }) };
    }
    case 'batches':
      return { channel, json: '[]' };
    case 'problem': {
      const problem = JSON.parse(json) as { readonly message: string } | null;
      const told = problem && {
        ...problem,
        message: 'The installation cannot be asked.',
        hint: SEE_MORE,
        problems: [],
      };
      return { channel, json: JSON.stringify(told) };
    }
    case 'alive':
      return { channel, json };
  }
}

function withoutNames(health: WatcherStatus['health']): NonNullable<WatcherStatus['health']> {
  const { level = 'well', problems = [] } = health ?? {};
  return {
    level,
    problems: problems.map(
      (problem): HealthProblem => ({
        ...problem,
        ...(NAMELESS.has(problem.code) ? {} : { subject: problem.code, message: SEE_MORE }),
      }),
    ),
  };
}
