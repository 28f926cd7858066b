import type { HealthProblem, PublicHealth, StageCounts, WatcherStatus } from '@sendit/api';
import { toNamelessMessage } from '@sendit/model';
import type { LiveEvent } from './live-feed.ts';

/** What of a status names hosts, watch paths or people. */
const NAMELESS = { pid: null, host: null, roots: [], arrivals: [], backlog: null } as const;

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
      return { channel, json: JSON.stringify({ ...status, ...NAMELESS, health, problems }) };
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
        subject: problem.code,
        message: toNamelessMessage(problem.code, problem.count),
      }),
    ),
  };
}
